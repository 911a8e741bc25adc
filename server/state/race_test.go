//go:build race

package state

func init() { manyKills = 150 }
