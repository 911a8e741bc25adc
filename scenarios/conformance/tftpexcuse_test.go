package conformance

import (
	"slices"
	"strconv"
	"strings"
)

// A tftpExchange is one question and what both say.
type tftpExchange struct {
	tftpQuestion
	conf         string
	theirs, ours map[string]string
}

// tftpFields are all that an answer says.
var tftpFields = []string{"answer", "replies", "from", "opcode", "error", "text", "oack", "then", "blocks", "bytes"}

func (x tftpExchange) differing() []string {
	return slices.DeleteFunc(slices.Clone(tftpFields), func(f string) bool { return x.theirs[f] == x.ours[f] })
}

// words are the name, the mode and the options of the request.
func (x tftpExchange) words() []string {
	return strings.Split(strings.TrimSuffix(x.packet[min(2, len(x.packet)):], "\x00"), "\x00")
}

func (x tftpExchange) file() string { return x.words()[0] }

// asked is the last value of an option.
func (x tftpExchange) asked(option string) (value string) {
	words := x.words()
	for i := 2; i+1 < len(words); i += 2 {
		if strings.EqualFold(words[i], option) {
			value = words[i+1]
		}
	}
	return value
}

// refused tells whether they answer with one ERROR and we with another.
func (x tftpExchange) refused(theirs, ours string) bool {
	return x.theirs["error"] == theirs && x.ours["error"] == ours
}

// without takes options out of an OACK.
func without(oack string, names ...string) string {
	words := strings.Fields(oack)
	var kept []string
	for i := 0; i+1 < len(words); i += 2 {
		if !slices.Contains(names, words[i]) {
			kept = append(kept, words[i], words[i+1])
		}
	}
	return strings.Join(kept, " ")
}

// tftpExcuses has one matcher for each intended difference of TFTP.
var tftpExcuses = map[string]func(tftpExchange) []string{
	"tftp-windowsize-timeout": func(x tftpExchange) []string {
		rest := without(x.ours["oack"], "windowsize", "timeout")
		return when(x.ours["oack"] != rest && rest == x.theirs["oack"], "opcode", "oack")
	},
	"tftp-option-range": func(x tftpExchange) []string {
		differ := func(option string, honoured func(int) bool) bool {
			value := x.asked(option)
			n, err := strconv.Atoi(value)
			return value != "" && (err != nil || !honoured(n))
		}
		odd := differ("timeout", func(n int) bool { return n >= 1 && n <= 255 }) || differ("windowsize", func(n int) bool { return n >= 1 && n <= 32 })
		return when(odd && x.theirs["bytes"] == x.ours["bytes"], "opcode", "oack", "replies")
	},
	"tftp-window-ports": func(x tftpExchange) []string {
		rest := without(x.ours["oack"], "windowsize")
		few := strings.Contains(x.conf, "tftp-single-port") && rest != x.ours["oack"]
		return when(few && rest == without(x.theirs["oack"], "windowsize") && x.theirs["bytes"] == x.ours["bytes"], "oack")
	},
	"tftp-kept-block": func(x tftpExchange) []string {
		return when(x.atOnce && x.theirs["opcode"] == "3" && strings.HasPrefix(x.theirs["bytes"], "511 "), "bytes", "blocks")
	},
	"tftp-refusal": func(x tftpExchange) []string { return when(x.refused("4", "4"), "text") },
	"tftp-cut-short": func(x tftpExchange) []string {
		cut := !strings.HasSuffix(x.packet, "\x00") && len(x.words()) > 2
		taken := x.theirs["opcode"] == "3" || x.theirs["error"] == "1"
		return when(cut && taken && x.ours["error"] == "4", "opcode", "error", "text", "blocks", "bytes")
	},
	"tftp-no-request": func(x tftpExchange) []string {
		return when(x.theirs["answer"] == "silence" && x.ours["error"] == "4", "answer", "replies", "from", "opcode", "error", "text")
	},
	"tftp-empty-value": func(x tftpExchange) []string {
		words := x.words()
		return when(len(words) > 3 && slices.Contains(words[2:], "") && x.theirs["opcode"] == "3" && x.ours["opcode"] == "6", "opcode", "oack")
	},
	"tftp-blksize-number": func(x tftpExchange) []string {
		value := x.asked("blksize")
		_, err := strconv.ParseUint(value, 10, 31)
		return when(value != "" && err != nil && x.theirs["bytes"] == x.ours["bytes"], "opcode", "oack", "blocks")
	},
	"tftp-netascii-cr": func(x tftpExchange) []string {
		return when(x.file() == "cr" && len(x.words()) == 2 && x.words()[1] == "netascii", "bytes")
	},
	"tftp-error-unanswered": func(x tftpExchange) []string {
		return when(strings.HasPrefix(x.packet, "\x00\x05") && x.theirs["error"] == "4" && x.ours["answer"] == "silence",
			"answer", "replies", "from", "opcode", "error", "text")
	},
	"tftp-no-such-name": func(x tftpExchange) []string { return when(x.refused("0", "1"), "error", "text") },
	"tftp-dots": func(x tftpExchange) []string {
		return when(strings.HasSuffix(x.file(), "..") && (x.refused("0", "2") || x.refused("1", "2")), "error", "text")
	},
	"tftp-links": func(x tftpExchange) []string {
		out := strings.HasPrefix(x.file(), "out") || x.file() == "dangling-out"
		return when(out && x.ours["error"] == "2", "opcode", "error", "text", "oack", "blocks", "bytes")
	},
	"tftp-private": func(x tftpExchange) []string {
		return when(x.file() == "private/x" && x.theirs["opcode"] == "3" && x.ours["error"] == "2", "opcode", "error", "text", "blocks", "bytes")
	},
	"tftp-directory": func(x tftpExchange) []string {
		return when(x.theirs["opcode"] == "6" && x.theirs["then"] == "0" && x.ours["error"] == "0", "opcode", "error", "text", "oack", "then")
	},
	"tftp-garbage": func(x tftpExchange) []string {
		name := x.file()
		garbage := name != "" && name[len(name)-1] >= 0x80
		return when(garbage && x.theirs["error"] == "1" && x.ours["opcode"] == "3", "opcode", "error", "text", "blocks", "bytes")
	},
	"tftp-large": func(x tftpExchange) []string {
		return when(x.file() == "huge" && x.theirs["oack"] == "tsize 77" && x.ours["oack"] == "tsize 4294967373", "oack")
	},
}
