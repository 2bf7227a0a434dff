//! What is said of real records, kept outside the project.
