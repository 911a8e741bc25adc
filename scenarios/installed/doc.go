// Package installed answers: does it work for whoever installs it?
//
// Its test makes the Debian package, boots systemd in a clean Debian root beside a lab, installs the package there as
// an administrator does, and goes through the life of the service: a real machine boots from it, it is reloaded, hangs,
// is upgraded, removed and purged. testdata/package.txtar is that life, in commands that can be pasted.
//
// # Usage
//
//	make installed
//
// In a plain go test it is skipped: it takes two minutes and a root that make installed fetches.
//
// # Why
//
// systemd-nspawn needs no systemd on the host, so that the real service manager is at hand in a container and in CI
// too: sandbox, user, capabilities, readiness and watchdog of the unit are what systemd makes of them. The container
// shares the net namespace of a host of the lab; its root is a clean one below a tmpfs, so that every run installs
// for the first time.
package installed
