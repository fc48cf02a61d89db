//! RSA keys whose primes were made with the structure of CVE-2017-15361 ("ROCA"), and can be
//! factored.

/// The primes whose residues tell, smallest first.
#[rustfmt::skip]
const PRIMES: [u32; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

/// Whether a modulus (big-endian) has the structure.
///
/// Both primes of such a key are powers of 65537 modulo the product of small primes, so the
/// modulus is one modulo each of them (Nemec et al., "The Return of Coppersmith's Attack", 2017,
/// section 3). One modulus in 2^27 of other make has the structure by chance; most are told
/// apart by the first few primes.
pub(super) fn has_structure(modulus: &[u8]) -> bool {
    PRIMES
        .iter()
        .all(|&prime| is_power(remainder(modulus, prime), prime))
}

fn remainder(number: &[u8], prime: u32) -> u32 {
    number
        .iter()
        .fold(0, |rest, &byte| (rest * 256 + u32::from(byte)) % prime)
}

/// Whether a residue is a power of 65537 modulo the prime.
fn is_power(residue: u32, prime: u32) -> bool {
    let generator = 65_537 % prime;
    let mut power = 1;
    loop {
        if power == residue {
            return true;
        }
        power = power * generator % prime;
        if power == 1 {
            return false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_the_generator_are_found() {
        // 65537 is 10 modulo 11, whose powers are 1 and 10.
        let powers: Vec<u32> = (0..11).filter(|&residue| is_power(residue, 11)).collect();
        assert_eq!(powers, [1, 10]);
    }

    #[test]
    fn a_product_of_structured_numbers_has_the_structure() {
        // 65537^n is a power modulo every prime, whatever n.
        let mut number = vec![1_u8, 0, 1];
        for _ in 0..3 {
            number = square(&number);
        }
        assert!(has_structure(&number));
        if let Some(last) = number.last_mut() {
            *last = last.wrapping_add(2);
        }
        assert!(!has_structure(&number));
    }

    fn square(number: &[u8]) -> Vec<u8> {
        let mut out = vec![0_u32; number.len() * 2];
        for (i, &a) in number.iter().rev().enumerate() {
            for (j, &b) in number.iter().rev().enumerate() {
                out[i + j] += u32::from(a) * u32::from(b);
                let mut at = i + j;
                while out[at] > 255 {
                    let carry = out[at] / 256;
                    out[at] %= 256;
                    at += 1;
                    out[at] += carry;
                }
            }
        }
        out.iter()
            .rev()
            .map(|&digit| u8::try_from(digit).unwrap())
            .collect()
    }
}
