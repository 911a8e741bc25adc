// Package confine answers: what may this process still do?
//
// # Usage
//
//	user, err := confine.Who(name, os.Getenv)
//	...
//	err = user.Own(dir, ours)
//	...
//	err = confine.Limits{User: user, Read: paths, Named: paths, Write: dirs}.Enter()
//
// Enter is for good, and in all threads. Root becomes another user, with two capabilities at most, CAP_NET_BIND_SERVICE and
// CAP_NET_RAW; anybody else stays who he is. Neither gains any by what it starts, and with Landlock it opens nothing
// outside of Limits and starts nothing at all. What was opened before stays open.
//
// # Limitations
//
// Linux. Landlock's rules are of files, not of names, so what is Named is open with the directory that it lies in: what
// takes its name later can be read too. Where that would open somebody's home or everybody's directory it is not, and what
// comes later is not read. A program that has no name (memfd_create(2)) can be started; it is as confined.
//
// # Why
//
// A server parses what strangers send and what people downloaded, and root's rights are of no use to it once it listens.
// Those of who called sudo are, since what they serve lies in their home.
package confine
