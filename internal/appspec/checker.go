package appspec

import "strconv"

// grammar is what differs between platforms in the members that an AppSpec has
// on every one of them.
type grammar struct {
	typ       string            // of the resource
	events    []string          // that may have a hook, in the order in which they happen
	work      map[string]string // what CodeDeploy does itself in the events that cannot have one
	emptyHook string            // AWS's sentence about a hook without a function; empty when none is known
}

// checker notes what is wrong with those members: version, the one resource
// and its type, the hooks.
type checker struct {
	report
	grammar
}

// document is M8, and M9 for a text that is no map; nil when there is nothing
// more to look at.
func (c *checker) document(content []byte) *node {
	root, fault := parse(content)
	switch {
	case fault != nil:
		c.add(fault)
		return nil
	case root.kind != table:
		c.add(found("M9", root.position, "an AppSpec must be a map with version and Resources, found %s", root))
		return nil
	}
	return root
}

// version is M9: only 0.0, as a number of any spelling or as that very text.
func (c *checker) version(root *node) {
	version := root.get("version")
	if version.isText("0.0") {
		return
	}
	if version != nil && version.kind == number {
		value, err := strconv.ParseFloat(version.text, 64)
		if err == nil && value == 0 {
			return
		}
	}
	c.add(found("M9", version.at(root.position), "version must be 0.0, found %s", version).
		withHint(misspelt(root, version, "version")))
}

// onlyResource is M10: one resource, which has one label. The resource is nil
// when it cannot be looked at.
func (c *checker) onlyResource(root *node) (label string, resource *node) {
	resources := root.get("Resources")
	if resources.absent() || resources.kind != list || len(resources.items) != 1 {
		c.add(found("M10", resources.at(root.position), "Resources must be a list of exactly one resource, found %s", resources).
			withHint(misspelt(root, resources, "Resources")))
		return "", nil
	}
	labels := resources.items[0]
	if labels.kind != table || len(labels.fields) != 1 {
		c.add(found("M10", labels.position, "Resources[0] must be a map of exactly one key, its label, found %s", labels))
		return "", nil
	}
	only := labels.fields[0]
	if only.key == "" || len(only.key) > maxText {
		c.add(found("M10", only.position, "Resources[0] must have a label of 1 to %d bytes, found %d", maxText, len(only.key)))
	}
	if only.value.kind != table {
		c.add(found("M10", only.value.position, "Resources[0].%s must be a map of Type and Properties, found %s", plain(only.key), only.value))
		return "", nil
	}
	return only.key, only.value
}

// checkType is M11. It reports whether the properties are worth looking at: of
// another platform's properties every word would mislead.
func (c *checker) checkType(prefix string, resource *node) bool {
	typ := resource.get("Type")
	if typ.isText(c.typ) {
		return true
	}
	c.add(found("M11", typ.at(resource.position), "%sType must be %s, found %s", prefix, c.typ, typ).
		withHint(typeHint(resource, typ, c.typ)))
	return typ == nil || platformOf[typ.text] == ""
}
