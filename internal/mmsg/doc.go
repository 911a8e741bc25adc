// Package mmsg takes and gives many datagrams with one system call (recvmmsg(2), sendmmsg(2)), and allocates nothing for it.
//
// # Usage
//
//	batch := mmsg.New(64)
//	for i := range 64 {
//		batch.Put(i, make([]byte, 2048), make([]byte, 64))
//	}
//	n, err := batch.Receive(fd, 64)
//	for i := range n {
//		size, _ := batch.Got(i)
//		from := batch.Addr(i)
//	}
//
// No call waits, so the runtime is not told of them: it wakes a thread to watch over each call that might, which costs
// a program that has just been idle as much as the call. Who wants to wait uses syscall.RawConn's Read.
//
// # Limitations
//
// Linux: elsewhere it can be built, and its calls fail. IPv4, but for sockets whose addresses nobody asks for.
package mmsg
