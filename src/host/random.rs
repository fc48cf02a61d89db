//! Unpredictable bytes from the system's own source.

use rand::TryRng;
use rand::rngs::SysRng;

use super::Random;
use crate::error::{Code, Error};

/// The random numbers of the operating system.
pub struct RealRandom;

impl Random for RealRandom {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), Error> {
        SysRng.try_fill_bytes(buffer).map_err(|error| {
            Error::new(Code::Io, "the system gave no random numbers").source(error)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_filled_and_differ() {
        let (mut one, mut two) = ([0; 32], [0; 32]);
        assert!(RealRandom.fill(&mut one).is_ok() && RealRandom.fill(&mut two).is_ok());
        assert!(one != two && one != [0; 32]);
    }
}
