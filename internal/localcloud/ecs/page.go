package ecs

import (
	"encoding/base64"
	"strings"
)

// pageRequest is how the List operations are asked for a page.
type pageRequest struct {
	MaxResults *int   `json:"maxResults"`
	NextToken  string `json:"nextToken"`
}

// maxPage is the most that a page has, and what it has unless told.
const maxPage = 100

// pageOf cuts a page out of a list. The token holds the last item of the page
// before, or rather what stands in its place if that has gone since: items are
// in an order that key tells, going up, or down when descending.
func pageOf(all []string, r pageRequest, key func(string) string, descending bool) (page []string, next string, err error) {
	limit := maxPage
	if r.MaxResults != nil {
		if limit = *r.MaxResults; limit < 1 || limit > maxPage {
			return nil, "", invalidParameter.errorf("maxResults must be between 1 and %d, found %d.", maxPage, limit)
		}
	}
	last, err := base64.RawURLEncoding.DecodeString(r.NextToken)
	if err != nil {
		return nil, "", invalidParameter.errorf("Invalid token %q.", shortened(r.NextToken))
	}
	after := func(item string) bool {
		order := strings.Compare(key(item), string(last))
		return order > 0 && !descending || order < 0 && descending
	}
	start := 0
	for len(last) > 0 && start < len(all) && !after(all[start]) {
		start++
	}
	page = all[start:]
	if len(page) > limit {
		page = page[:limit]
		next = base64.RawURLEncoding.EncodeToString([]byte(key(page[limit-1])))
	}
	return append([]string{}, page...), next, nil // an empty list is [], not null
}

func itself(item string) string { return item }
