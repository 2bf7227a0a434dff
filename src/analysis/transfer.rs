//! Parts as bytes.
