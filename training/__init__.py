"""The recipe of the English pipeline in `kg/models`: convert, train, evaluate."""
