//go:build !linux

package load

func transient(error) bool { return false }

func full(error) bool { return false }
