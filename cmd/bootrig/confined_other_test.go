//go:build !linux

package main

func prisoner() {}

func oldKernel() {}
