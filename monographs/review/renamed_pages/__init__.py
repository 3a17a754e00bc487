"""Pages whose name changed, and the medicines that have an older one: found, and changed as one bundle."""
