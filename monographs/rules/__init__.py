"""House rules: what a draft must meet before it may be submitted. Each rule is small, named and sourced."""
