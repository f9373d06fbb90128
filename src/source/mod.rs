//! Text with positions: strict YAML, and errors that point at the line they mean. Pure.
