//! What goes in comes out, in order, whatever the threads and the pipe do.

use std::collections::VecDeque;
use std::io::{self, Cursor, Read};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use proptest::prelude::*;

use super::lines::Next;
use super::{Cut, Cutter, Input, Lines, Moment, Work, run_on};
use crate::error::{Code, Error, Errors};

/// An input that comes in these pieces.
struct Pieces(VecDeque<Vec<u8>>);

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(mut piece) = self.0.pop_front() else {
            return Ok(0);
        };
        if piece == b"interrupted" {
            return Err(io::ErrorKind::Interrupted.into());
        }
        if piece == b"broken" {
            return Err(io::Error::other("the cable came off"));
        }
        if piece.len() > buffer.len() {
            self.0.push_front(piece.split_off(buffer.len()));
        }
        buffer[..piece.len()].copy_from_slice(&piece);
        Ok(piece.len())
    }
}

fn pieces(pieces: &[&[u8]]) -> Input {
    still(Pieces(pieces.iter().map(|piece| piece.to_vec()).collect()))
}

/// These lines, in a world where nothing changes.
fn still(lines: impl Read + Send + 'static) -> Input {
    Input {
        lines: Box::new(lines),
        watch: Box::new(|| Ok(Some(Moment::default()))),
    }
}

const CUT: Cut = Cut {
    longest: 70_000,
    most: 3,
    first: 1,
};

/// Lines, each with its number.
type Numbered = Vec<(u64, Vec<u8>)>;

/// Numbers and repeats each line.
fn echo(lines: &Lines, answer: &mut Numbered) {
    answer.clear();
    answer.extend(lines.each().map(|(number, line)| (number, line.to_vec())));
}

#[expect(clippy::unnecessary_wraps, reason = "others may fail")]
fn hire<'w>() -> Result<Work<'w, Numbered>, Error> {
    Ok(Box::new(echo))
}

/// What comes out on so many threads.
fn answers(threads: usize, cutter: Cutter) -> Result<Numbered, Errors> {
    let mut all = Vec::new();
    run_on(Some(threads), cutter, &hire, &mut |answer| {
        all.append(answer);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(all)
}

#[test]
fn lines_at_each_edge() {
    let long = "x".repeat(69_999);
    #[rustfmt::skip]
    let cases: &[(&[&str], &[&str])] = &[
        // pieces                               lines
        (&[],                                   &[]),
        (&["\n"],                               &[""]),
        (&["a"],                                &["a"]),
        (&["a\n"],                              &["a"]),
        (&["a\r\nb\r"],                         &["a\r", "b\r"]),
        (&["a\n\n", "\nb"],                     &["a", "", "", "b"]),
        (&["a", "b", "interrupted", "c\nd", "e"], &["abc", "de"]),
        (&["a\nb\nc\nd\ne\nf\ng"],              &["a", "b", "c", "d", "e", "f", "g"]),
        (&["a\n", &long[..60_000], &long[60_000..], "\nb\n"], &["a", &long, "b"]),
        (&[&long[..60_000], &long[60_000..], "x", "y\nb\n"], &[&format!("{long}x"), "b"]),
        (&[&long[..60_000], &long[60_000..], "x", &long[..9], "y"], &[&format!("{long}x")]),
        (&[&long[..60_000], &long[60_000..], "x", "\nb"], &[&format!("{long}x"), "b"]),
    ];
    for (come, want) in cases {
        let come: Vec<&[u8]> = come.iter().map(|piece| piece.as_bytes()).collect();
        for threads in [1, 3] {
            let got = answers(threads, Cutter::new(pieces(&come), CUT)).unwrap();
            let got: Vec<&[u8]> = got.iter().map(|(_, line)| &line[..]).collect();
            let want: Vec<&[u8]> = want.iter().map(|line| line.as_bytes()).collect();
            let about = want.iter().map(|line| line.len()).collect::<Vec<_>>();
            assert!(got == want, "{about:?} on {threads} threads");
        }
    }
}

#[test]
fn an_endless_line_is_not_kept() {
    let megabytes = io::repeat(b'x').take(50 << 20).chain(&b"\nb\n"[..]);
    let mut cutter = Cutter::new(still(megabytes), CUT);
    let mut lines = Lines::default();
    assert_eq!(cutter.next(&mut lines).unwrap(), Next::Lines);
    assert_eq!(
        lines.each().map(|(_, line)| line.len()).collect::<Vec<_>>(),
        [70_000]
    );
    assert_eq!(cutter.next(&mut lines).unwrap(), Next::Lines);
    assert_eq!(lines.each().collect::<Vec<_>>(), [(2, &b"b"[..])]);
    assert_eq!(cutter.next(&mut lines).unwrap(), Next::End);
}

#[test]
fn a_broken_input_is_answered_as_far_as_it_came() {
    for threads in [1, 3] {
        let input = pieces(&[b"a\nb\nc\nd\ne\n", b"interrupted", b"f\n", b"broken"]);
        let mut all = Vec::new();
        let ended = run_on(
            Some(threads),
            Cutter::new(input, CUT),
            &hire,
            &mut |answer| {
                all.append(answer);
                Ok(ControlFlow::Continue(()))
            },
        );
        assert_eq!(all.len(), 6);
        let error = ended.err().unwrap();
        assert_eq!(
            error.as_slice()[0].message,
            "cannot read the lines: the cable came off"
        );
    }
}

#[test]
fn each_chunk_has_the_moment_at_which_it_was_there() {
    for threads in [1, 3] {
        let asked = Arc::new(AtomicI64::new(0));
        let counter = Arc::clone(&asked);
        let input = Input {
            watch: Box::new(move || match counter.fetch_add(1, Ordering::SeqCst) {
                5 => Err(Error::new(Code::StateUnreadable, "damaged")),
                now => Ok(Some(Moment {
                    now,
                    ..Moment::default()
                })),
            }),
            ..pieces(&[b"a\nb\nc\n", b"d\ne\nf\ng\n", b"h\n", b"i\n", b"j\n"])
        };
        let hire = || -> Result<Work<'_, (usize, i64)>, Error> {
            Ok(Box::new(|lines, answer| {
                *answer = (lines.each().count(), lines.moment().now);
            }))
        };
        let mut all = Vec::new();
        let ended = run_on(
            Some(threads),
            Cutter::new(input, CUT),
            &hire,
            &mut |answer| {
                all.push(*answer);
                Ok(ControlFlow::Continue(()))
            },
        );
        assert_eq!(all, [(3, 0), (3, 1), (1, 2), (1, 3), (1, 4)]);
        assert_eq!(ended.err().unwrap().as_slice()[0].message, "damaged");
    }
}

#[test]
fn lines_that_came_behind_a_change_of_the_keys_are_for_the_new_ones() {
    let long = "x".repeat(80_000);
    let text = format!("a\nb\nc\nd\ne\nf\ng\n{long}\nh\ni");
    for threads in [1, 3] {
        for stale_at in 0..6 {
            let mut asked = 0;
            let input = Input {
                watch: Box::new(move || {
                    asked += 1;
                    Ok((asked != stale_at + 1).then(Moment::default))
                }),
                ..pieces(&[text.as_bytes()])
            };
            let (mut all, mut runs) = (Vec::new(), Vec::new());
            let mut rest = Some(Cutter::new(input, CUT));
            while let Some(cutter) = rest {
                runs.push(cutter.next_line());
                rest = run_on(Some(threads), cutter, &hire, &mut |answer| {
                    all.append(answer);
                    Ok(ControlFlow::Continue(()))
                })
                .unwrap();
            }
            let told = text.replace(&long, &long[..70_000]);
            assert!(all == plainly(told.as_bytes()), "{threads} {stale_at}");
            assert_eq!(runs, [1, [1, 4, 7, 8, 9, 10][stale_at]], "{threads}");
        }
    }
}

/// An input of which each piece is waited for.
struct Slow(Receiver<&'static [u8]>);

impl Read for Slow {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let piece = self.0.recv().unwrap_or_default();
        buffer[..piece.len()].copy_from_slice(piece);
        Ok(piece.len())
    }
}

#[test]
fn each_line_of_a_slow_pipe_is_answered_before_the_next_one_comes() {
    // The second one also after the threads were started, which more than a chunk at once does.
    for first in [&b"a\n"[..], b"a\nb\nc\nd\n"] {
        let (say, slow) = channel();
        say.send(first).unwrap();
        let mut said = 0;
        let mut seen = 0;
        run_on(
            Some(3),
            Cutter::new(still(Slow(slow)), CUT),
            &hire,
            &mut |answer| {
                seen += answer.len();
                if seen >= 4 || first.len() == 2 {
                    said += 1;
                    say.send(if said < 20 { b"x\n" } else { b"" }).unwrap();
                }
                Ok(ControlFlow::Continue(()))
            },
        )
        .unwrap();
        assert_eq!(said, 20);
    }
}

#[test]
fn who_wants_no_more_does_not_wait_for_the_pipe() {
    let (done, ended) = channel();
    std::thread::spawn(move || {
        let (say, slow) = channel();
        say.send(&b"a\nb\nc\nd\ne\nf\ng\nh\n"[..]).unwrap();
        let mut taken = 0;
        let ended = run_on(
            Some(2),
            Cutter::new(still(Slow(slow)), CUT),
            &hire,
            &mut |_| {
                taken += 1;
                Ok(if taken == 3 {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                })
            },
        );
        done.send(ended.is_ok()).unwrap();
        drop(say);
    });
    assert_eq!(ended.recv_timeout(Duration::from_secs(20)), Ok(true));
}

#[test]
fn memory_does_not_grow_with_the_input() {
    static MADE: AtomicUsize = AtomicUsize::new(0);
    struct Counted;
    impl Default for Counted {
        fn default() -> Self {
            MADE.fetch_add(1, Ordering::Relaxed);
            Self
        }
    }
    let cut = Cut {
        longest: 70_000,
        most: 64,
        first: 1,
    };
    // Many short lines, such as are just not too long, and an endless one, again and again.
    let long = format!("{}\n", "x".repeat(69_999));
    let once = ["\n".repeat(5000), long.repeat(8), "x".repeat(1 << 20)].concat();
    let input = Cursor::new(once.repeat(20));
    let most = AtomicUsize::new(0);
    let hire = || -> Result<Work<'_, Counted>, Error> {
        Ok(Box::new(|lines, _| {
            most.fetch_max(lines.text.capacity(), Ordering::Relaxed);
        }))
    };
    run_on(Some(4), Cutter::new(still(input), cut), &hire, &mut |_| {
        Ok(ControlFlow::Continue(()))
    })
    .unwrap();
    assert_eq!(MADE.load(Ordering::Relaxed), 1 + 2 * 4 + 2);
    // A vector that grows takes at most twice what it needs.
    let most = most.into_inner();
    let bound = cut.longest..=2 * cut.longest;
    assert!(bound.contains(&most), "{most} bytes in one job");
}

#[test]
fn what_goes_wrong_in_a_thread_ends_the_run() {
    let begun = Arc::new(AtomicUsize::new(0));
    let input = || still(io::repeat(b'\n').take(1000));
    let failing = || -> Result<Work<'_, ()>, Error> {
        if begun.fetch_add(1, Ordering::SeqCst) > 0 {
            return Err(Error::new(Code::Internal, "no signer"));
        }
        Ok(Box::new(|_, ()| {}))
    };
    let go_on = &mut |(): &mut ()| Ok(ControlFlow::Continue(()));
    let ended = run_on(Some(3), Cutter::new(input(), CUT), &failing, go_on);
    assert_eq!(ended.err().unwrap().as_slice()[0].message, "no signer");

    let first = AtomicBool::new(true);
    let panicking = || -> Result<Work<'_, ()>, Error> {
        let is_first = first.swap(false, Ordering::SeqCst);
        Ok(Box::new(move |_, ()| assert!(is_first, "a planted panic")))
    };
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        run_on(Some(2), Cutter::new(input(), CUT), &panicking, go_on)
    }));
    assert!(caught.is_err(), "the panic goes on in the caller");

    let refusing = &mut |(): &mut ()| Err(Error::new(Code::Io, "no room").into());
    let good = || -> Result<Work<'_, ()>, Error> { Ok(Box::new(|_, ()| {})) };
    let ended = run_on(Some(2), Cutter::new(input(), CUT), &good, refusing);
    assert_eq!(ended.err().unwrap().as_slice()[0].message, "no room");
}

/// Another way to tell lines apart.
fn plainly(text: &[u8]) -> Numbered {
    let mut lines: Vec<&[u8]> = text.split(|b| *b == b'\n').collect();
    if lines.last().is_some_and(|last| last.is_empty()) {
        lines.pop();
    }
    (1..).zip(lines.into_iter().map(<[u8]>::to_vec)).collect()
}

proptest! {
    #[test]
    fn no_line_is_lost_split_or_moved(
        come in prop::collection::vec("[ab\r\n]{1,12}", 0..40),
        threads in 1_usize..5,
        most in 1_usize..5,
    ) {
        let text: Vec<u8> = come.concat().into_bytes();
        let come = Pieces(come.into_iter().map(String::into_bytes).collect());
        let cutter = Cutter::new(still(come), Cut { longest: 70_000, most, first: 1 });
        let got = answers(threads, cutter).unwrap();
        prop_assert_eq!(got, plainly(&text));
    }
}
