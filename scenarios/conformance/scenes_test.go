package conformance

// scenes are all of them: what clients of a lab do to each other.
func scenes() map[string]scene {
	ann, bob, cid := who("ann"), who("bob"), who("cid")
	id := func(s string) []byte { return append([]byte{61, byte(1 + len(s)), 0}, s...) }
	const one = "dhcp-range=192.168.9.50,192.168.9.50\n"
	const two = "dhcp-range=192.168.9.50,192.168.9.51\n"
	const many = "dhcp-range=192.168.9.50,192.168.9.99\n"
	const sure = "dhcp-authoritative\n"
	onlyOne := []act{
		discover(ann), take(ann), discover(bob), take(bob).about("ann"), reboot(bob).about("ann"), renew(bob).about("ann"), rebind(bob).about("ann"),
		renew(ann), release(bob).about("ann"), renew(ann), release(ann), discover(bob), take(bob), renew(ann), rebind(ann), reboot(ann), discover(ann),
	}
	elsewheres := []act{discover(ann), elsewhere(ann), reboot(ann), take(ann), elsewhere(ann), renew(ann), reboot(ann)}
	ids := []act{
		discover(ann.with(id("x"))), take(ann.with(id("x"))), discover(ann), take(ann), renew(ann), discover(bob.with(id("x"))), take(bob.with(id("x"))),
		reboot(ann.with(id("x"))), discover(ann.with(id("y"))), take(ann.with(id("y"))), renew(ann.with(id("x"))), reboot(bob).about("ann"),
	}
	far := bob.through("192.168.20.1").with([]byte{82, 6, 1, 4, 'p', 'o', 'r', 't'})
	return map[string]scene{
		"one address for two":                 {one, onlyOne},
		"one address for two, authoritative":  {sure + one, onlyOne},
		"two who race for the last address":   {one, []act{discover(ann), discover(bob), take(bob), take(ann).about("bob"), renew(ann).about("bob"), renew(bob)}},
		"another server's offer":              {many, elsewheres},
		"another's offer, authoritative":      {sure + many, elsewheres},
		"an address is declined":              {two, []act{discover(ann), take(ann), decline(ann), reboot(ann), renew(ann), discover(ann), take(ann)}},
		"another's address is declined":       {many, []act{discover(ann), take(ann), decline(bob).about("ann"), renew(ann), reboot(ann)}},
		"a host declines its own address":     {many + "dhcp-host=52:54:00:07:07:01,192.168.9.60\n", []act{discover(ann), take(ann), decline(ann), rebootAt(ann, "192.168.9.60"), discover(ann), take(ann), discover(ann)}},
		"no more leases than allowed":         {"dhcp-lease-max=1\n" + many, []act{discover(ann), take(ann), discover(bob), take(bob), renew(ann), release(ann), discover(bob), take(bob), discover(ann), take(ann)}},
		"a wish is granted":                   {many, []act{wishing(ann, "192.168.9.70"), take(ann), wishing(bob, "192.168.9.71"), wishing(ann, "192.168.9.80")}},
		"a wish is another's":                 {two, []act{discover(ann), take(ann), say(bob, "DISCOVER wishing for ann's", 1, func(_, other [4]byte) []byte { return requested(other) }).about("ann"), take(bob)}},
		"a wish is out of the range":          {many, []act{say(ann.with(requested([4]byte{192, 168, 9, 200})), "DISCOVER wishing", 1, nil), say(bob.with(requested([4]byte{10, 0, 0, 1})), "DISCOVER wishing", 1, nil), say(cid.with(requested([4]byte{192, 168, 9, 2})), "DISCOVER wishing", 1, nil)}},
		"a wish is reserved":                  {many + "dhcp-host=52:54:00:07:07:01,192.168.9.60\n", []act{say(bob.with(requested([4]byte{192, 168, 9, 60})), "DISCOVER wishing", 1, nil), taken(bob, "192.168.9.60"), discover(ann), take(ann)}},
		"REQUESTs of what was not offered":    {many, []act{taken(ann, "192.168.9.77"), taken(bob, "192.168.9.200"), taken(bob, "10.0.0.1"), taken(bob, "192.168.9.2"), taken(bob, "192.168.9.77"), rebootAt(cid, "192.168.9.78"), rebootAt(ann, "192.168.9.78")}},
		"the same, authoritative":             {sure + many, []act{taken(ann, "192.168.9.77"), taken(bob, "192.168.9.200"), taken(bob, "10.0.0.1"), taken(bob, "192.168.9.2"), taken(bob, "192.168.9.77"), rebootAt(cid, "192.168.9.78"), rebootAt(ann, "192.168.9.78"), rebootAt(bob, "192.168.9.222")}},
		"identifiers and addresses":           {many, ids},
		"identifiers and addresses, ignored":  {"dhcp-ignore-clid\n" + many, ids},
		"a host is known by its identifier":   {many + "dhcp-host=id:x,192.168.9.60\n", []act{discover(ann.with([]byte{61, 1, 'x'})), take(ann.with([]byte{61, 1, 'x'})), discover(ann), discover(bob.with([]byte{61, 1, 'x'})), take(bob.with([]byte{61, 1, 'x'})), renew(ann.with([]byte{61, 1, 'x'}))}},
		"a host of two addresses":             {many + "dhcp-host=52:54:00:07:07:01,52:54:00:07:07:02,192.168.9.60\n", []act{discover(ann), take(ann), discover(bob), take(bob), renew(ann), reboot(ann), discover(ann), take(ann), renew(bob)}},
		"a host whose identifier is ignored":  {many + "dhcp-host=52:54:00:07:07:01,id:*,192.168.9.60\n", []act{discover(ann.with(id("x"))), take(ann.with(id("x"))), discover(ann.with(id("y"))), take(ann.with(id("y"))), renew(ann)}},
		"a host outside of the range":         {many + "dhcp-host=52:54:00:07:07:01,192.168.9.200\ndhcp-host=52:54:00:07:07:02,10.0.0.1\n", []act{discover(ann), take(ann), renew(ann), discover(bob), taken(bob, "10.0.0.1")}},
		"a host whose address another has":    {many + "dhcp-host=52:54:00:07:07:01,192.168.9.60\n", []act{taken(bob, "192.168.9.60"), taken(ann, "192.168.9.70"), reboot(ann), rebootAt(ann, "192.168.9.60"), discover(ann), take(ann), reboot(ann)}},
		"BOOTP of a host":                     {many + "dhcp-host=52:54:00:07:07:01,192.168.9.60\n", []act{bootp(ann), discover(ann), take(ann), bootp(ann), bootp(bob)}},
		"BOOTP from the range":                {"bootp-dynamic\n" + many, []act{bootp(ann), bootp(ann), discover(ann), take(ann), renew(ann), bootp(bob), reboot(bob)}},
		"BOOTP for some":                      {"bootp-dynamic=tag:set7\ndhcp-mac=set:set7,52:54:00:07:07:01\n" + many, []act{bootp(ann), bootp(bob)}},
		"BOOTP without a cookie":              {"bootp-dynamic\n" + many, []act{bootp(ann.edited(func(b []byte) { clear(b[236:240]) }))}},
		"rapid commit":                        {"dhcp-rapid-commit\n" + many, []act{discover(ann.with([]byte{80, 0})), renew(ann), discover(bob), take(bob), discover(bob.with([]byte{80, 0})), taken(cid, "192.168.9.70"), discover(cid.with([]byte{80, 0}))}},
		"rapid commit that is not configured": {many, []act{discover(ann.with([]byte{80, 0})), renew(ann)}},
		"rapid commit and no lease left":      {"dhcp-rapid-commit\ndhcp-lease-max=1\n" + many, []act{discover(ann.with([]byte{80, 0})), discover(bob.with([]byte{80, 0}))}},
		"NAKs through a relay":                {many + "dhcp-range=192.168.20.50,192.168.20.99,255.255.255.0\n", []act{taken(far, "192.168.9.77"), taken(far, "192.168.20.200"), taken(far, "192.168.20.77"), rebootAt(far, "192.168.20.78"), elsewhere(far), discover(far), take(far), renew(far), taken(cid, "192.168.20.80")}},
		"INFORM": {many, []act{
			tellFrom(ann, "INFORM from outside of the range", 8, "192.168.9.211"), tellFrom(ann, "INFORM from another network", 8, "192.168.77.5"), discover(ann), take(ann),
			inform(ann), inform(bob).about("ann"), say(bob, "INFORM without an address", 8, nil)}},
		"wished times":   {"dhcp-range=192.168.9.50,192.168.9.99,2h\n", times(ann)},
		"endless leases": {"dhcp-range=192.168.9.50,192.168.9.99,infinite\n", times(ann)},
	}
}

func bootp(k kind) act {
	k.bootp, k.list = true, []byte{}
	return say(k, "BOOTREQUEST", 0, nil)
}

// times are the lease times that a client may ask for (option 51), too short and too long ones too.
func times(k kind) []act {
	var all []act
	for _, seconds := range [][]byte{{0, 0, 0, 0}, {0, 0, 0, 60}, {0, 0, 2, 0}, {0, 1, 0, 0}, {255, 255, 255, 255}, {1, 2}} {
		wants := k.with([]byte{51, byte(len(seconds))}, seconds)
		all = append(all, discover(wants), take(wants), renew(wants))
	}
	return all
}
