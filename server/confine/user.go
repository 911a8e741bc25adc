package confine

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"strings"
)

// A User is whom a process becomes.
type User struct {
	Name     string
	UID, GID int
	Home     string // "": none
}

const (
	service = "bootrig" // a user that an administrator made for it
	nobody  = 65534     // owns nothing, on every Linux
)

// Who is whom this process becomes if it is root: who is named, by name or as UID[:GID]; else who called sudo, or the user
// bootrig if there is one, or nobody. A root that can become nobody else stays root,
// and anybody else who he is. getenv is os.Getenv.
func Who(name string, getenv func(string) string) (User, error) {
	if !Root() {
		return self(name)
	}
	if name != "" {
		return named(name)
	}
	u, err := named(service)
	if err != nil {
		u = User{Name: "nobody", UID: nobody, GID: nobody}
	}
	if uid := getenv("SUDO_UID"); uid != "" && uid != "0" {
		if u, err = named(uid + ":" + getenv("SUDO_GID")); err != nil {
			return u, err
		}
	}
	if !may(u.UID) {
		return User{Name: "root"}, nil
	}
	return u, nil
}

// self is who is no root, and can become nobody else.
func self(name string) (User, error) {
	uid := os.Geteuid()
	u, err := named(strconv.Itoa(uid))
	if err != nil {
		u = User{UID: uid, GID: os.Getegid()} // a system without such numbers
	}
	if name == "" || name == u.Name {
		return u, nil
	}
	if other, err := named(name); err != nil || other.UID == uid {
		return u, err
	}
	return u, fmt.Errorf("only root can become %s: use sudo", name)
}

func named(name string) (User, error) {
	uid, gid, _ := strings.Cut(name, ":")
	found, err := user.Lookup(name)
	if err != nil {
		found, err = user.LookupId(uid)
	}
	if err != nil { // a container may have no list of users
		found = &user.User{Uid: uid, Gid: uid, Username: uid}
	}
	u := User{Name: found.Username, Home: found.HomeDir}
	var bad error
	u.UID, err = strconv.Atoi(found.Uid)
	u.GID, bad = strconv.Atoi(cmp.Or(gid, found.Gid))
	if errors.Join(err, bad) != nil || u.UID < 0 || u.GID < 0 {
		return User{}, fmt.Errorf("there is no user %s here: name one that getent passwd tells, or say UID:GID", name)
	}
	return u, nil
}
