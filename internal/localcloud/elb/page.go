package elb

import (
	"cmp"
	"encoding/base64"
	"slices"
)

// pageSize is the most that one answer lists, and what it lists when it is not asked for less.
const pageSize = 400

// paging is the part of a request that asks for one page.
type paging struct {
	Marker   string
	PageSize *int64
}

// page sorts all by key and returns those after the request's marker, and the marker for the next page. A marker says
// after which key to go on, so pages stay right when what is listed changes in between.
func page[T any](p paging, all []T, key func(T) string) (some []T, next string, err error) {
	size := int64(pageSize)
	if p.PageSize != nil {
		size = *p.PageSize
	}
	if size < 1 || size > pageSize {
		return nil, "", invalid("Page size '%d' must be between 1 and %d", size, pageSize)
	}
	after, err := base64.RawURLEncoding.DecodeString(p.Marker)
	if err != nil {
		return nil, "", invalid("The marker '%s' is not valid", p.Marker)
	}
	slices.SortFunc(all, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
	all = slices.DeleteFunc(all, func(t T) bool { return p.Marker != "" && key(t) <= string(after) })
	if int64(len(all)) > size {
		all = all[:size]
		next = base64.RawURLEncoding.EncodeToString([]byte(key(all[size-1])))
	}
	return all, next, nil
}
