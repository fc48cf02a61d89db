//! Plans against small configs; the table against what every row has to have.

mod plans;
