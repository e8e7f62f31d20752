"""What the rules look at: targets, categories, items and money of a declaration, computed once; what they yield."""
