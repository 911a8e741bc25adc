package rom

import "slices"

// Odd lists firmware with a fault that people have met: the profile of its kind, and the one thing that is another.
// What they report is all the evidence there is.
func Odd() []Profile {
	whole := odd(edk2X64(), "uefi-whole-offer", "garybowers/bootimus#77: an HP laptop that sees the OFFERs of house and proxy, and sends no REQUEST")
	whole.WholeOffer = true
	nameless := odd(intelUNDI(), "undi-no-uuid", "danderson/pixiecore#21: a card that sends no option 97")
	nameless.Options = slices.DeleteFunc(nameless.Options, func(code byte) bool { return code == 97 })
	short := odd(intelUNDI(), "undi-no-wrap", "raspberrypi/rpi-eeprom#720: block numbers that do not begin again behind 65535")
	short.TFTP.NoWrap = true
	return []Profile{whole, nameless, short}
}

func odd(p Profile, name, citation string) Profile {
	p.Name, p.Evidence, p.Citation = name, Spec, citation
	return p
}
