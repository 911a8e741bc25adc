// Package page makes one HTML page of what runs found, for people: how did each boot go, message by message?
//
// The page needs nothing beside itself: no server, no network, and no script to be read. It links to what a run left
// (packets, logs), which lies beside it. It is to be read on a phone, on paper and without colour.
//
// # Limitations
//
// What is long is cut, and says so: a page has to open where hundreds of scenarios ran. All of it is in the files that a
// run left.
//
// # Safety
//
// File names, vendor classes and consoles are what clients and guests sent. All goes through html/template and
// teller.Clean, and the page's own policy (Content-Security-Policy) lets it load nothing and run no other script.
package page
