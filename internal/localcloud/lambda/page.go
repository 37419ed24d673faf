package lambda

import (
	"encoding/base64"
	"net/url"
	"strconv"
	"strings"
)

// maxItems is the most that one page has.
const maxItems = 50

// pageOf cuts one page out of a list as Marker and MaxItems ask. The list is
// sorted by key; the marker is the key of the last item of the page before, so
// that items that come and go in between neither repeat nor hide others.
func pageOf[T any](all []T, query url.Values, key func(T) string) (page []T, next string, err error) {
	limit := maxItems
	if text := query.Get("MaxItems"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 10_000 {
			return nil, "", invalidMember("maxItems", text, "Member must have value between 1 and 10000")
		}
		limit = min(n, maxItems)
	}
	last, err := base64.RawURLEncoding.DecodeString(query.Get("Marker"))
	if err != nil {
		return nil, "", invalidParameterValue.errorf("Invalid Marker: %s", shortened(query.Get("Marker")))
	}
	start := 0
	for len(last) > 0 && start < len(all) && key(all[start]) <= string(last) {
		start++
	}
	page = all[start:]
	if len(page) > limit {
		page = page[:limit]
		next = base64.RawURLEncoding.EncodeToString([]byte(key(page[limit-1])))
	}
	return page, next, nil
}

// versionKey sorts $LATEST before the numbers, and these by value. It is never
// empty.
func versionKey(number string) string {
	if number == latestVersion {
		return "-"
	}
	const digits = 20
	return strings.Repeat("0", max(digits-len(number), 0)) + number
}
