//! Every kind of 834 transaction, in both directions: generated people, through the writer and the reader, to the comparison.

mod change;
mod every;
mod people;
mod round_trip;
mod validator;
