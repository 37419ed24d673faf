package elb

import (
	"strconv"
	"strings"
	"time"
)

// Attributes that are more than kept here: they decide about the data plane.
const (
	attributeIdle           = "idle_timeout.timeout_seconds"
	attributeDelay          = "deregistration_delay.timeout_seconds"
	attributeTerminate      = "deregistration_delay.connection_termination.enabled"
	attributeSticky         = "stickiness.enabled"
	attributeStickyType     = "stickiness.type"
	attributeStickyDuration = "stickiness.lb_cookie.duration_seconds"
	attributeStickyCookie   = "stickiness.app_cookie.cookie_name"
	attributeTCPIdle        = "tcp.idle_timeout.seconds"
)

const (
	week      = 604_800 // seconds
	maxText   = 1024
	maxCookie = 256
)

// settings are the attributes that a load balancer has, with AWS's defaults.
func (b *loadBalancer) settings() []setting {
	both := []setting{
		{"access_logs.s3.enabled", "false", oneOf("false")}, // there are no access logs here
		{"access_logs.s3.bucket", "", upTo(maxText)},
		{"access_logs.s3.prefix", "", upTo(maxText)},
		{"deletion_protection.enabled", "false", flag},
		{"ipv6.deny_all_igw_traffic", strconv.FormatBool(b.Scheme == "internal"), flag},
		{"load_balancing.cross_zone.enabled", strconv.FormatBool(b.application()), flag},
		{"zonal_shift.config.enabled", "false", flag},
	}
	if !b.application() {
		return append(both,
			setting{"dns_record.client_routing_policy", "any_availability_zone",
				oneOf("any_availability_zone", "availability_zone_affinity", "partial_availability_zone_affinity")},
			setting{"secondary_ips.auto_assigned.per_subnet", "0", within(0, 7)})
	}
	return append(both,
		setting{attributeIdle, "60", within(1, 4000)},
		setting{"client_keep_alive.seconds", "3600", within(60, week)},
		setting{"connection_logs.s3.enabled", "false", oneOf("false")},
		setting{"connection_logs.s3.bucket", "", upTo(maxText)},
		setting{"connection_logs.s3.prefix", "", upTo(maxText)},
		setting{"health_check_logs.s3.enabled", "false", oneOf("false")},
		setting{"health_check_logs.s3.bucket", "", upTo(maxText)},
		setting{"health_check_logs.s3.prefix", "", upTo(maxText)},
		setting{"routing.http.desync_mitigation_mode", "defensive", oneOf("monitor", "defensive", "strictest")},
		setting{"routing.http.drop_invalid_header_fields.enabled", "false", flag},
		setting{"routing.http.preserve_host_header.enabled", "false", flag},
		setting{"routing.http.x_amzn_tls_version_and_cipher_suite.enabled", "false", flag},
		setting{"routing.http.xff_client_port.enabled", "false", flag},
		setting{"routing.http.xff_header_processing.mode", "append", oneOf("append", "preserve", "remove")},
		setting{"routing.http2.enabled", "true", flag},
		setting{"waf.fail_open.enabled", "false", flag},
	)
}

// settings are the attributes that a target group has, with AWS's defaults but for the delay.
func (g *targetGroup) settings(delay time.Duration) []setting {
	const healthy = "target_group_health."
	both := []setting{
		{attributeDelay, strconv.Itoa(int(delay / time.Second)), within(0, 3600)},
		{attributeSticky, "false", flag},
		{"load_balancing.cross_zone.enabled", "use_load_balancer_configuration", oneOf("true", "false", "use_load_balancer_configuration")},
		{healthy + "dns_failover.minimum_healthy_targets.count", "1", offOr(within(1, maxTargets))},
		{healthy + "dns_failover.minimum_healthy_targets.percentage", "off", offOr(within(1, 100))},
		{healthy + "unhealthy_state_routing.minimum_healthy_targets.count", "1", within(1, maxTargets)},
		{healthy + "unhealthy_state_routing.minimum_healthy_targets.percentage", "off", offOr(within(1, 100))},
	}
	if g.Protocol == protocolTCP {
		return append(both,
			setting{attributeStickyType, "source_ip", oneOf("source_ip")},
			setting{attributeTerminate, "false", flag},
			setting{"preserve_client_ip.enabled", strconv.FormatBool(g.TargetType == targetInstance), flag},
			setting{"proxy_protocol_v2.enabled", "false", oneOf("false")}, // targets are sent the bytes of the client only
			setting{"target_health_state.unhealthy.connection_termination.enabled", "true", flag},
			setting{"target_health_state.unhealthy.draining_interval_seconds", "0", within(0, 360_000)})
	}
	return append(both,
		setting{attributeStickyType, "lb_cookie", oneOf("lb_cookie", "app_cookie")},
		setting{attributeStickyDuration, "86400", within(1, week)},
		setting{attributeStickyCookie, "", cookieName},
		setting{"stickiness.app_cookie.duration_seconds", "86400", within(1, week)},
		setting{"load_balancing.algorithm.type", "round_robin", oneOf("round_robin", "least_outstanding_requests", "weighted_random")},
		setting{"load_balancing.algorithm.anomaly_mitigation", "off", oneOf("on", "off")},
		setting{"slow_start.duration_seconds", "0", func(text string) bool { return text == "0" || within(30, 900)(text) }},
	)
}

// cookieName allows the names that the load balancer does not use itself.
func cookieName(name string) bool {
	return len(name) <= maxCookie && !strings.HasPrefix(name, "AWSALB")
}

// settings are the attributes that a listener has, with AWS's defaults. They are kept only.
func (l *listener) settings() []setting {
	if l.Protocol == protocolTCP {
		return []setting{{attributeTCPIdle, "350", within(60, 6000)}}
	}
	settings := []setting{{"routing.http.response.server.enabled", "true", flag}}
	for _, header := range []string{
		"strict_transport_security", "access_control_allow_origin", "access_control_allow_methods",
		"access_control_allow_headers", "access_control_allow_credentials", "access_control_expose_headers",
		"access_control_max_age", "content_security_policy", "x_content_type_options", "x_frame_options",
	} {
		settings = append(settings, setting{"routing.http.response." + header + ".header_value", "", upTo(maxText)})
	}
	return settings
}
