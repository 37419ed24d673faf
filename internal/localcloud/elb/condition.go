package elb

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"greenlight/internal/localcloud/elb/proxy"
)

// Bounds of a rule's conditions, from the service's quotas.
const (
	maxConditions      = 16
	maxConditionValues = 5 // of all conditions of a rule
	maxWildcards       = 6 // the same
	maxPattern         = 128
	maxHeaderName      = 40
)

// condition is one condition of a rule, as it is written, saved and read back. The data plane's kinds have the names of
// the API's fields.
type condition struct {
	Field                   string
	Values                  list[string]       `json:",omitempty" xml:",omitempty"`
	HostHeaderConfig        *valuesConfig      `json:",omitempty"`
	PathPatternConfig       *valuesConfig      `json:",omitempty"`
	HTTPHeaderConfig        *headerConfig      `json:",omitempty" query:"HttpHeaderConfig" xml:"HttpHeaderConfig"`
	HTTPRequestMethodConfig *valuesConfig      `json:",omitempty" query:"HttpRequestMethodConfig" xml:"HttpRequestMethodConfig"`
	QueryStringConfig       *queryStringConfig `json:",omitempty"`
	SourceIPConfig          *valuesConfig      `json:",omitempty" query:"SourceIpConfig" xml:"SourceIpConfig"`
	RegexValues             list[string]       `json:",omitempty" xml:"-"`
}

type (
	valuesConfig struct {
		Values      list[string]
		RegexValues list[string] `json:",omitempty" xml:"-"`
	}
	headerConfig struct {
		HTTPHeaderName string `query:"HttpHeaderName" xml:"HttpHeaderName"`
		Values         list[string]
		RegexValues    list[string] `json:",omitempty" xml:"-"`
	}
	queryStringConfig struct{ Values list[queryPair] }
	queryPair         struct {
		Key   string `json:",omitempty" xml:",omitempty"`
		Value string
	}
)

// checkConditions holds the conditions of a rule to the model's rules and returns them as they read back: those on host
// and path by both members.
func checkConditions(given list[condition]) (list[condition], error) {
	if len(given) == 0 {
		return nil, invalid("A condition must be specified")
	}
	if len(given) > maxConditions {
		return nil, invalid("A rule can have at most %d conditions", maxConditions)
	}
	conditions := slices.Clone(given)
	once := map[string]bool{}
	values, wildcards := 0, 0
	for i := range conditions {
		c := &conditions[i]
		if err := c.check(); err != nil {
			return nil, err
		}
		if once[c.Field] {
			return nil, invalid("The rule has more than one '%s' condition", c.Field)
		}
		once[c.Field] = c.Field != string(proxy.HTTPHeader) && c.Field != string(proxy.QueryString)
		for _, text := range c.texts() {
			values++
			wildcards += strings.Count(text, "*") + strings.Count(text, "?")
		}
	}
	if values > maxConditionValues {
		return nil, invalid("The rule has more than %d condition values", maxConditionValues)
	}
	if wildcards > maxWildcards {
		return nil, invalid("The rule has more than %d wildcard characters", maxWildcards)
	}
	return conditions, nil
}

// check checks one condition and gives it the form that it reads back in.
func (c *condition) check() error {
	if err := c.checkMembers(); err != nil {
		return err
	}
	switch proxy.Kind(c.Field) {
	case proxy.HostHeader:
		return c.checkPatterns(&c.HostHeaderConfig, hostPatternValue)
	case proxy.PathPattern:
		return c.checkPatterns(&c.PathPatternConfig, pathPatternValue)
	case proxy.HTTPHeader:
		return c.checkHeader()
	case proxy.Method:
		return checkValues(c.Field, c.HTTPRequestMethodConfig, methodValue.MatchString)
	case proxy.SourceIP:
		return checkValues(c.Field, c.SourceIPConfig, isBlock)
	}
	return c.checkQuery()
}

// checkMembers refuses unknown fields, and the members of other fields than the condition's own.
func (c *condition) checkMembers() error {
	known := false
	for _, member := range []struct {
		of    proxy.Kind
		given bool
	}{
		{proxy.HostHeader, c.HostHeaderConfig != nil}, {proxy.PathPattern, c.PathPatternConfig != nil},
		{proxy.HTTPHeader, c.HTTPHeaderConfig != nil}, {proxy.Method, c.HTTPRequestMethodConfig != nil},
		{proxy.QueryString, c.QueryStringConfig != nil}, {proxy.SourceIP, c.SourceIPConfig != nil},
	} {
		known = known || c.Field == string(member.of)
		if member.given && c.Field != string(member.of) {
			return invalid("A condition on '%s' cannot have the configuration of '%s'", c.Field, string(member.of))
		}
	}
	if !known {
		return invalid("Condition field '%s' must be one of '[path-pattern, host-header, http-header, http-request-method, query-string, source-ip]'", c.Field)
	}
	if len(c.RegexValues) > 0 || c.HostHeaderConfig.regex() || c.PathPatternConfig.regex() ||
		c.HTTPHeaderConfig != nil && len(c.HTTPHeaderConfig.RegexValues) > 0 {
		return invalid("Regular expressions in conditions are not served here")
	}
	if c.Values != nil && c.Field != string(proxy.HostHeader) && c.Field != string(proxy.PathPattern) {
		return invalid("Values cannot be specified for the condition field '%s': use its configuration", c.Field)
	}
	return nil
}

func (c *valuesConfig) regex() bool { return c != nil && len(c.RegexValues) > 0 }

// The characters that the model allows.
var (
	hostPatternValue = regexp.MustCompile(`^[A-Za-z0-9.*?-]+$`)
	pathPatternValue = regexp.MustCompile(`^[A-Za-z0-9_.$/~"'@:+&*?%=,;!()\[\]-]+$`)
	methodValue      = regexp.MustCompile(`^[A-Z_-]{1,40}$`)
	headerName       = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")
)

// checkPatterns takes the values from whichever of the two members has them and puts them into both.
func (c *condition) checkPatterns(config **valuesConfig, allowed *regexp.Regexp) error {
	if *config != nil && len(c.Values) > 0 && !slices.Equal(c.Values, (*config).Values) {
		return invalid("A condition on '%s' cannot have different values in Values and in its configuration", c.Field)
	}
	if *config == nil {
		*config = &valuesConfig{Values: c.Values}
	}
	c.Values = (*config).Values
	return checkValues(c.Field, *config, allowed.MatchString)
}

func checkValues(field string, config *valuesConfig, allowed func(string) bool) error {
	if config == nil || len(config.Values) == 0 {
		return invalid("A condition on '%s' must have a value", field)
	}
	for _, value := range config.Values {
		if len(value) > maxPattern || !allowed(value) {
			return invalid("Condition value '%s' is not valid for the field '%s'", value, field)
		}
	}
	return nil
}

func isBlock(text string) bool {
	_, err := netip.ParsePrefix(text)
	return err == nil
}

func (c *condition) checkHeader() error {
	config := c.HTTPHeaderConfig
	if config == nil || len(config.HTTPHeaderName) > maxHeaderName || !headerName.MatchString(config.HTTPHeaderName) {
		return invalid("A condition on '%s' must have the name of a header, of at most %d characters", c.Field, maxHeaderName)
	}
	return checkValues(c.Field, &valuesConfig{Values: config.Values}, printable)
}

func printable(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' })
}

func (c *condition) checkQuery() error {
	if c.QueryStringConfig == nil || len(c.QueryStringConfig.Values) == 0 {
		return invalid("A condition on '%s' must have a value", c.Field)
	}
	for _, pair := range c.QueryStringConfig.Values {
		if len(pair.Key) > maxPattern || len(pair.Value) > maxPattern || !printable(pair.Value) || pair.Key != "" && !printable(pair.Key) {
			return invalid("Condition value '%s' is not valid for the field '%s'", pair.Value, c.Field)
		}
	}
	return nil
}

// texts are all the patterns of the condition.
func (c *condition) texts() []string {
	switch proxy.Kind(c.Field) {
	case proxy.HostHeader:
		return c.HostHeaderConfig.Values
	case proxy.PathPattern:
		return c.PathPatternConfig.Values
	case proxy.HTTPHeader:
		return c.HTTPHeaderConfig.Values
	case proxy.Method:
		return c.HTTPRequestMethodConfig.Values
	case proxy.SourceIP:
		return c.SourceIPConfig.Values
	}
	var texts []string
	for _, pair := range c.QueryStringConfig.Values {
		texts = append(texts, pair.Key+pair.Value)
	}
	return texts
}
