package appspec

import "fmt"

// member is a value, or the lack of one, with its path in the file. The place
// of what is not there is that of the map in which it is missing.
type member struct {
	position
	path  string
	value *node
	hint  string // when it is missing: what may have been meant for it
}

func (m member) member(name string) member {
	value := m.value.get(name)
	return member{value.at(m.position), m.path + "." + name, value, misspelt(m.value, value, name)}
}

// maybe notes what looks like one of the map's optional members.
func (c *ecsChecker) maybe(m member, names ...string) { c.optional(m.value, m.path+".", names...) }

// items are the items of a list.
func (m member) items() []member {
	var all []member
	for i, item := range m.value.items {
		all = append(all, member{position: item.position, path: fmt.Sprintf("%s[%d]", m.path, i), value: item})
	}
	return all
}

// optional notes keys of a map that are ignored, but look like an optional
// member that is not there. One that must be there is told by its lack. The
// prefix is the map's path with a point, or empty.
func (c *checker) optional(parent *node, prefix string, names ...string) {
	for _, f := range parent.fields {
		name := nearest(f.key, names)
		if name == "" || parent.get(name) != nil {
			continue
		}
		c.note(found("", f.position, "%s%s is ignored", prefix, plain(f.key)).withHint(didYouMean(f.key, name)))
	}
}
