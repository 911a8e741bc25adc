package script

import (
	"fmt"
	"io"
	"strings"
)

// A Verb is one kind of line. The table is where `bootrig test -h verbs`, the README's list and the
// checks of a scenario all come from.
type Verb struct {
	Name  string
	Usage string // what follows the name
	Help  string // one or more lines
	Not   bool   // may have ! before it
	read  func(a *args) any
}

// Verbs is the table, in the order a scenario uses them.
func Verbs() []Verb {
	return []Verb{
		{Name: "lan", Usage: "[NAME] CIDR [house=ADDR] [server=ADDR]", read: readLan,
			Help: "a network, the plain DHCP server it has already, and the server under test; several have names, and the\n" +
				"server a card on each that says server="},
		{Name: "relay", Usage: "CLIENTS SERVERS", read: readRelay,
			Help: "a router between two lans, with a DHCP relay that carries the first lan's requests to house and server of\n" +
				"the second; its addresses are the last ones of each lan"},
		{Name: "server", Usage: "[FILE|PATH...] [offer=direct|redirect] [http=PORT] [seed=PATH]", read: readServer,
			Help: "the server's configuration, a file of the archive: a dnsmasq.conf, or a bootrig.yaml if it ends in .yaml;\n" +
				"or the paths of content and images that it serves as they are, our server alone; without any it offers its\n" +
				"embedded boot program. offer=, http= and seed= are for our server: what an OFFER says, the files of TFTP by HTTP\n" +
				"too, and what installers are answered, a content line's PATH"},
		{Name: "content", Usage: "PATH [SET|DIR] [omit=NAME]... [truncate=NAME:SIZE]... [scale=SIZE]", read: readContent,
			Help: "what is served at the path that the configuration names: a content set, or a directory: ./tree beside the\n" +
				"scenario, or /an/absolute/one. A second one at the same path and files of the archive below PATH go on top.\n" +
				"scale= cuts every larger file to SIZE and keeps kernels bootable on paper"},
		{Name: "image", Usage: "PATH [SET|DIR] [omit=NAME]... [truncate=NAME:SIZE]... [scale=SIZE]", read: readImage,
			Help: "the same in one file, as people download it: PATH ends in .iso or .tar.gz. Files of the archive below PATH go\n" +
				"into it"},
		{Name: "guest", Usage: "NAME firmware=PROFILE mac=MAC ip=ADDR [lan=NAME] [nic=MODEL] [machine=pc|q35] [mem=SIZE] [uuid=UUID] [serial=TEXT] [disk=SIZE] [idle=MODEL,MODEL...] [boot=default]", read: readGuest,
			Help: "a machine: scripted in sim and tap, real in qemu, and there PROFILE may also be NAME@VERSION, or file:ROM beside\n" +
				"the scenario (bootrig firmware -h); the house reserves ip for mac. A real one has a serial, an empty disk to fall back to,\n" +
				"cards without a cable before its own, or its firmware's own boot order, in which the network may come late"},
		{Name: "house", Usage: "[ADDR] [ra=off] [router=off] [silent=on] [proxy=on] [siaddr=ADDR] [file=NAME] [option=CODE:TEXT|CODE:0xHEX]... [delay=DURATION]", read: readHouse,
			Help: "habits of the plain DHCP servers: silent as a router, naming none, silent at all, filling siaddr, the boot file or\n" +
				"options (60, 66, 67, 43) for everybody, slow. With ADDR there is a further house, which has habits of its own and\n" +
				"gives the same addresses; as a proxy it gives none, and answers PXE clients"},
		{Name: "fault", Usage: "server drop=PORT|siaddr=ADDR|offer=never|twice|DURATION|error=NAME:SIZE|oack=OPTION:VALUE|read=DURATION|strip=CODE|answer=PORT|answer=ADDR|http=CODE[:URL]|type=MIME | cut HOST [HOST] [after=DURATION] [for=DURATION] | wire [loss=N%] [burst=N] [duplicate=N%] " +
			"[reorder=N%] [corrupt=N%] [delay=DURATION] [jitter=DURATION] [bandwidth=RATE] [mtu=N]", read: readFault,
			Help: "breaks the server's port: one of UDP is dead, its answers name another next server, its OFFER comes late, twice or\n" +
				"never, reading a file fails behind SIZE, an OACK grants what nobody asked for, a slow disk has each block of a file\n" +
				"come late, of TFTP and HTTP, an option is taken out of its replies of DHCP, its answers from port 4011 go to another port or come from\n" +
				"another address, HTTP answers with a status or a Content-Type that is not its own; or the whole wire, by seed: burst= has losses come N in a row on average; bandwidth=\n" +
				"is that of each host's cable in bits a second, as 10M; what does not fit the MTU is lost. cut has a guest, house or\n" +
				"server hear nobody, or two of them not each other, from the start of the run on or after= it: a port that spanning\n" +
				"tree opens late is cut NAME for=30s"},
		{Name: Press, Usage: "GUEST KEY", read: readKey,
			Help: "presses a key (ret, f8, down) once the guest's steps so far have matched"},
		{Name: Reset, Usage: "GUEST", read: readAct(Reset),
			Help: "switches the guest off and on, or just on, once its steps so far have matched; its steps below are about what it\n" +
				"does then"},
		{Name: PowerOff, Usage: "GUEST", read: readAct(PowerOff),
			Help: "switches the guest off once its steps so far have matched"},
		{Name: Unplug, Usage: "GUEST", read: readAct(Unplug),
			Help: "pulls the guest's cable once its steps so far have matched; it keeps running"},
		{Name: Plug, Usage: "GUEST", read: readAct(Plug),
			Help: "plugs the cable in again"},
		{Name: "screen", Usage: "GUEST PATTERN", read: readScreen,
			Help: "waits for a line on the screen of a real machine, as long as that is in text mode: for what the serial console\n" +
				"does not show"},
		{Name: "host", Usage: "link up|down CARD | addr add|del CARD CIDR | mv FROM TO | truncate FILE SIZE | reload | kill | start", read: readHost,
			Help: "changes the host of the server under test once all steps above have matched; a guest whose first step is below\n" +
				"is switched on then. CARD is eth0 on the first lan that says server=. mv renames a tree, a file of one, or a file\n" +
				"beside the configuration, whose names are not absolute; truncate cuts a file of the tree in place; reload is\n" +
				"SIGHUP; kill is SIGKILL, after which the server knows what is on its disk and no more; start starts it again.\n" +
				"addr is for tap and qemu"},
		{Name: "expect", Usage: "GUEST KIND [NAME|TEXT] [from=house|server|ADDR] [FIELD=VALUE]... [within=DURATION] [stall=DURATION]", Not: true, read: readExpect,
			Help: "waits for the guest's next matching fact; order is kept per peer. NAME may hold * and ?, TEXT is a pattern.\n" +
				"within= is the time since the guest's step before, in every world. stall= is how long nothing at all may be seen\n" +
				"of the guest (a frame, a console line) while it is waited for: a slow machine that goes on is no failure.\n" +
				"! expect says that the whole run holds no such fact. `expect GUEST retries<=N` bounds retransmissions"},
		{Name: "golden", Usage: "GUEST FILE", read: readGolden,
			Help: "the guest's whole trace must equal FILE, beside the scenario or in its archive (NAME.golden is NAME.ours.golden\n" +
				"and so on, one per server); `bootrig test --update` writes it"},
		{Name: "cmp", Usage: "GUEST.modules FILE", read: readCmp,
			Help: "what the scripted guest handed over must equal a file of the archive"},
		{Name: "fails", Usage: "'STEP' cause='PATTERN'", read: readFails,
			Help: "a broken lab: the scenario passes only if exactly this step fails, and for this cause"},
		{Name: "skip", Usage: "REASON", read: readSkip,
			Help: "the scenario is not for this world or server; stands behind a [condition]"},
	}
}

// lookup finds a verb by name.
func lookup(name string) (Verb, error) {
	var names []string
	for _, v := range Verbs() {
		if v.Name == name {
			return v, nil
		}
		names = append(names, v.Name)
	}
	return Verb{}, fmt.Errorf("unknown verb %q; there are %s", name, strings.Join(names, ", "))
}

// WriteHelp prints the table for a terminal.
func WriteHelp(w io.Writer) error {
	var b strings.Builder
	b.WriteString("A scenario is a txtar file: these lines first, the files they need below.\n\n")
	for _, v := range Verbs() {
		fmt.Fprintf(&b, "  %s %s\n", v.Name, v.Usage)
		for line := range strings.Lines(v.Help) {
			fmt.Fprintf(&b, "      %s\n", strings.TrimSpace(line))
		}
	}
	fmt.Fprintf(&b, "\nConditions before a line:\n\n%s\n\nKinds of facts: %s\n", Conditions, strings.Join(kindNames(), " "))
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteTable prints the table as the README has it.
func WriteTable(w io.Writer) error {
	var b strings.Builder
	b.WriteString("| line | what it does |\n| --- | --- |\n")
	for _, v := range Verbs() {
		cell := strings.NewReplacer("|", "\\|", "\n", " ")
		fmt.Fprintf(&b, "| `%s %s` | %s |\n", v.Name, cell.Replace(v.Usage), cell.Replace(v.Help))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
