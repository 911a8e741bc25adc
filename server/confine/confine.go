package confine

// Limits are what a process needs.
type Limits struct {
	User   User     // whom it becomes, if it is root; root keeps what root may read and write
	Read   []string // files, and directories with all that is in them
	Named  []string // the same, and what has their names later
	Write  []string // directories, with all that is in them
	Remove []string // directories of which it only removes what it has made
}
