"""Development tools: invented medicines for scale tests and benchmarks. Not installed in production."""
