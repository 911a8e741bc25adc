// Package metrics answers: how many of what? It counts the facts of a server for Prometheus.
//
// All names begin with bootrig_. Labels have few values, whatever clients send: kinds of messages, our own addresses,
// HTTP's codes, and reasons, of which those beyond a bound are one.
package metrics
