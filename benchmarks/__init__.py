"""How fast, at what size. In databases of their own, thrown away afterwards."""
