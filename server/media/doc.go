// Package media answers: what is this that somebody downloaded, and how does it boot from the network?
//
// A family is a small file (families/*.yaml): what must and must not lie in a tree, where its version stands,
// which kernel, initrds and arguments start it, how much memory that needs and what the machine fetches then.
// A new release needs no code, and mostly no change; a family of one's own is a file in DirsHere.
//
// # How a tree is looked at
//
// Every family is tried at the top of the tree, then in the directories below it, as deep as a few levels. It
// fits where all that it has is there, nothing that it lacks is, and at least one of its entries has all its
// files. Of several that fit in one directory the one that asks for more is taken first, and what the others
// would boot besides is kept. What a medium was found to be made of is not looked at again for another.
//
// # Names
//
// Names are those of the tree. Where one is not there as the family writes it, it is looked for without case:
// an image with neither Rock Ridge nor Joliet has names in upper case only.
package media
