package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// Every command that the README and the help show is one: its verb and flags are there, and have the values they want.
func TestTheCommandsShownAreCommands(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{
		"README": string(readme), "bootrig --help": description, "serve --help": ServeCmd{}.Help(), "check --help": CheckCmd{}.Help(),
		"boot --help": (*BootCmd)(nil).Help(), "unpack --help": UnpackCmd{}.Help(), "media --help": MediaCmd{}.Help(),
		"media show --help": MediaShowCmd{}.Help(), "convert --help": ConvertCmd{}.Help(), "explain --help": ExplainCmd{}.Help(),
	}
	for where, text := range texts {
		lines := commandsOf(text)
		if len(lines) == 0 {
			t.Errorf("%s: no command was found", where)
		}
		for _, line := range lines {
			if err := parses(line); err != nil {
				t.Errorf("%s: %s: %v", where, line, err)
			}
		}
	}
}

// What is wrong with a command that is shown is seen.
func TestWhatIsNoCommandIsSeen(t *testing.T) {
	for _, line := range []string{"bootrig sreve x.iso", "bootrig serve --sed x", "bootrig unpack x.iso dir", "bootrig boot ipxe-bios --as nothing", "bootrig serve --offer x"} {
		if err := parses(line); err == nil {
			t.Errorf("%s: it is taken for a command", line)
		}
	}
}

var ourCommand = regexp.MustCompile(`(?m)^ +(?:sudo )?(?:\./)?(bootrig .*)$`)

// commandsOf are the lines of a text that are commands of ours.
func commandsOf(text string) (lines []string) {
	for _, match := range ourCommand.FindAllStringSubmatch(text, -1) {
		lines = append(lines, match[1])
	}
	return lines
}

var words = regexp.MustCompile(`'[^']*'|[^\s']+`)

// parses reads a line as the shell and the command would.
func parses(line string) error {
	line, _, _ = strings.Cut(line, " #")
	line, _, _ = strings.Cut(line, " &&")
	var args []string
	for _, word := range words.FindAllString(line, -1)[1:] {
		if strings.HasPrefix(word, ">") {
			break
		}
		args = append(args, strings.Trim(word, "'"))
	}
	parser, err := kong.New(&cli{})
	if err != nil {
		return err
	}
	_, err = parser.Parse(flagsFirst(parser.Model, args))
	return err
}

// The README's table of the note's commands is right about the commands that it shows.
func TestTheNotesCommandsAreCounted(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(readme), "\n## The note, and now\n")
	_, block, _ := strings.Cut(section, "Count again.")
	block, _, _ = strings.Cut(block, "Its files are ")
	var counts []int // for both, Ubuntu, XenServer
	for group := range strings.SplitSeq(block, "\n\n") {
		if strings.HasPrefix(group, "    ") {
			counts = append(counts, len(strings.Split(group, "\n"))+strings.Count(group, "&&"))
		}
	}
	if len(counts) != 3 {
		t.Fatalf("there are commands in %d groups, not 3", len(counts))
	}
	for name, count := range map[string]int{"Ubuntu's netboot.tar.gz": counts[0] + counts[1], "XenServer's ISO": counts[0] + counts[2]} {
		if row := fmt.Sprintf("| %s | %d commands, ", name, count); !strings.Contains(section, row) {
			t.Errorf("it does not say %q", row)
		}
	}
}
