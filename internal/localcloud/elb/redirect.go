package elb

import (
	"regexp"
	"strconv"
)

const maxRedirectPart = 128

var redirectProtocol = regexp.MustCompile(`^(HTTPS?|#\{protocol\})$`)

// checkRedirect checks a redirect action and fills in what the model says of members that are not given.
func (a *action) checkRedirect() error {
	if a.RedirectConfig == nil {
		return fault(codeInvalidAction, "A RedirectConfig must be specified for actions of type '%s'", a.Type)
	}
	c := *a.RedirectConfig
	if c.StatusCode != "HTTP_301" && c.StatusCode != "HTTP_302" {
		return invalid("The status code '%s' of a redirect must be HTTP_301 or HTTP_302", c.StatusCode)
	}
	c.Protocol, c.Port = either(c.Protocol, "#{protocol}"), either(c.Port, "#{port}")
	c.Host, c.Path = either(c.Host, "#{host}"), either(c.Path, "/#{path}")
	if c.Query == nil {
		c.Query = new("#{query}")
	}
	if port, err := strconv.Atoi(c.Port); c.Port != "#{port}" && (err != nil || port < 1 || port > 65535) {
		return invalid("The port '%s' of a redirect must be between 1 and 65535 or '#{port}'", c.Port)
	}
	switch {
	case !redirectProtocol.MatchString(c.Protocol):
		return invalid("The protocol '%s' of a redirect must be HTTP, HTTPS or '#{protocol}'", c.Protocol)
	case c.Path[0] != '/':
		return invalid("The path '%s' of a redirect must begin with '/'", c.Path)
	case len(c.Host) > maxRedirectPart || len(c.Path) > maxRedirectPart || len(*c.Query) > maxRedirectPart:
		return invalid("Host, path and query of a redirect can be at most %d characters each", maxRedirectPart)
	case c.Protocol == "#{protocol}" && c.Port == "#{port}" && c.Host == "#{host}" && c.Path == "/#{path}":
		return fault(codeInvalidAction, "The RedirectConfig must change at least one of protocol, host, port and path: it would loop")
	}
	a.RedirectConfig = &c
	return nil
}
