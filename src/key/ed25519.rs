//! The check in front of Ed25519: which points never count.
//!
//! RFC 8032 leaves room: libraries differ on points of small order and on coordinates that
//! are not reduced, and with such a key one signature can fit many messages. The rule here
//! is the strict one (`verify_strict` of ed25519-dalek): both are refused, in the key and
//! in the signature's R. That S is reduced the library checks itself, which a test holds.

/// The y of the eight points whose order divides 8 (two points share most of them),
/// little-endian as they are written, the sign bit cleared.
#[rustfmt::skip]
const SMALL_ORDER: [[u8; 32]; 5] = [
    // 0: order 4
    [0; 32],
    // 1: the neutral element
    [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    // p - 1: order 2
    [0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
    // order 8
    [0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
     0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05],
    // order 8, its negative
    [0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
     0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a],
];

/// Whether a written point has a reduced y and is not of small order.
pub(super) fn is_good_point(point: &[u8]) -> bool {
    let Ok(mut y) = <[u8; 32]>::try_from(point) else {
        return false;
    };
    y[31] &= 0x7f;
    // p = 2^255 - 19: only y from p to 2^255 - 1 have these bytes.
    let unreduced = y[0] >= 0xed && y[1..31].iter().all(|byte| *byte == 0xff) && y[31] == 0x7f;
    !unreduced && !SMALL_ORDER.contains(&y)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(low: u8, middle: u8, high: u8) -> [u8; 32] {
        let mut point = [middle; 32];
        point[0] = low;
        point[31] = high;
        point
    }

    #[test]
    fn points_at_each_edge() {
        #[rustfmt::skip]
        let cases = [
            // y                           with sign bit or without   good
            (point(0x00, 0x00, 0x00), false), (point(0x00, 0x00, 0x80), false), // 0
            (point(0x01, 0x00, 0x00), false), (point(0x01, 0x00, 0x80), false), // 1
            (point(0x02, 0x00, 0x00), true),  (point(0x02, 0x00, 0x80), true),  // 2
            (point(0xeb, 0xff, 0x7f), true),  (point(0xeb, 0xff, 0xff), true),  // p - 2
            (point(0xec, 0xff, 0x7f), false), (point(0xec, 0xff, 0xff), false), // p - 1
            (point(0xed, 0xff, 0x7f), false), (point(0xed, 0xff, 0xff), false), // p
            (point(0xff, 0xff, 0x7f), false), (point(0xff, 0xff, 0xff), false), // 2^255 - 1
            (point(0xff, 0xff, 0x7e), true),  (point(0xff, 0xfe, 0x7f), true),
        ];
        for (point, want) in cases {
            assert_eq!(is_good_point(&point), want, "{}", hex::encode(point));
        }
        for mut point in SMALL_ORDER {
            assert!(!is_good_point(&point), "{}", hex::encode(point));
            point[31] |= 0x80;
            assert!(!is_good_point(&point), "{}", hex::encode(point));
        }
        for length in [0, 31, 33] {
            assert!(!is_good_point(&vec![2; length]), "{length} bytes");
        }
    }
}
