package syslinux

// A Config is what a file and its includes say.
type Config struct {
	Default      string // the last DEFAULT
	UI           string // the last UI: outranks DEFAULT, wherever it stands
	HasUI        bool
	HasDefault   bool
	Prompt       bool
	NoEscape     bool
	Implicit     bool
	Timeout      int // tenths of a second, 0 for none
	TotalTimeout int
	OnTimeout    string
	OnError      string
	Append       string   // for entries without one
	SysAppend    uint32   // for labels that follow
	Path         []string // directories in the order they were named
	Root         *Menu
	Start        *Menu // the menu shown first
	Hidden       *Menu // entries with MENU HIDE
	HiddenMenu   bool  // MENU HIDDEN: wait for a key before showing anything
	Entries      []*Entry
	menus        []*Menu
}

// Command is what runs without a key: UI, else DEFAULT.
func (c *Config) Command() string {
	if c.HasUI {
		return c.UI
	}
	return c.Default
}

// Find is the entry with a label; the first one wins.
func (c *Config) Find(label string) *Entry {
	for _, e := range c.Entries {
		if e.Label == label && e.Label != "" {
			return e
		}
	}
	return nil
}

// A Menu is the top menu or a MENU BEGIN ... END.
type Menu struct {
	Tag         string
	Title       string
	Background  string
	Entries     []*Entry
	DefaultItem int
	Rows        int
	Timeout     int
	OnTimeout   string
	OnError     string
	AllowEdit   bool
	Help        [12]string // F1 to F12
	Parent      *Menu
	inParent    *Entry
}

// An Action is what choosing an entry does.
type Action int

// The actions of menu entries.
const (
	Run Action = iota
	Disabled
	Submenu
	Goto
	Quit
)

// An Entry is a LABEL, or a menu line.
type Entry struct {
	Label     string
	Type      string // "kernel", "linux", "com32", "localboot", "config" ...: the keyword, lower case
	Kernel    string // what follows the type keyword, whole
	Append    string
	hasAppend bool
	Initrd    string
	SysAppend uint32
	Display   string // menu text, without carets
	Hotkey    byte   // lower case, 0 for none
	Passwd    string
	Help      string
	Action    Action
	Target    *Menu // of Submenu and Goto
	menu      *Menu
	index     int
	goTo      string
	hide      bool
	disabled  bool
	isDefault bool
}

// Line is the entry as a command line: file, APPEND text, initrd=, and what SYSAPPEND adds, in the order
// a booted kernel shows them. A type keyword other than KERNEL leads, with a dot.
func (e *Entry) Line(sysappend func(mask uint32) []string) string {
	text := e.Append
	if text == "-" {
		text = ""
	}
	cmd := e.Kernel
	if e.Type != "kernel" {
		cmd = "." + e.Type + " " + cmd
	}
	if text != "" {
		cmd += " " + text
	}
	if e.Initrd != "" {
		cmd += " initrd=" + e.Initrd
	}
	if e.SysAppend != 0 && sysappend != nil {
		for _, s := range sysappend(e.SysAppend) {
			cmd += " " + s
		}
	}
	return cmd
}
