"""A small transformer as teacher of the parser: trained on the treebanks, it parses texts that nobody annotated.

Its weights start from a sentence encoder. It is too slow and gains too little to be a pipeline of its own (see
`training/README.md`), and too good a parser not to learn from.
"""
