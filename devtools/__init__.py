"""Development tools: synthetic monographs for scale tests and benchmarks. Not installed in production."""
