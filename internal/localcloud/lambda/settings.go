package lambda

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"greenlight/internal/localcloud/lambda/runtime"
)

// settings is the configuration of one version.
type settings struct {
	Description      string `json:",omitzero"`
	Role             string
	Runtime          string
	Handler          string
	Timeout          int               // seconds
	MemorySize       int               // MiB
	Environment      map[string]string `json:",omitzero"`
	Architectures    []string
	TracingMode      string
	EphemeralStorage int            // MiB
	VPC              *vpcConfig     `json:",omitzero"`
	KMSKeyARN        string         `json:",omitzero"`
	Logging          *loggingConfig `json:",omitzero"`
}

// vpcConfig is kept and shown; a function here uses the machine's network.
type vpcConfig struct {
	SubnetIDs        []string `json:"SubnetIds"`
	SecurityGroupIDs []string `json:"SecurityGroupIds"`
	IPv6             *bool    `json:"Ipv6AllowedForDualStack,omitzero"`
}

// loggingConfig is kept and shown; logs are always plain lines.
type loggingConfig struct {
	LogFormat           string `json:"LogFormat,omitzero"`
	ApplicationLogLevel string `json:"ApplicationLogLevel,omitzero"`
	SystemLogLevel      string `json:"SystemLogLevel,omitzero"`
	LogGroup            string `json:"LogGroup,omitzero"`
}

// settingsInput is the part that CreateFunction and UpdateFunctionConfiguration
// have in common. An absent member keeps what is set, or the default.
type settingsInput struct {
	Description      *string
	Role             *string
	Runtime          *string
	Handler          *string
	Timeout          *int
	MemorySize       *int
	Environment      *struct{ Variables map[string]string }
	TracingConfig    *struct{ Mode string }
	EphemeralStorage *struct{ Size int }
	VPCConfig        *vpcConfig `json:"VpcConfig"`
	KMSKeyARN        *string    `json:"KMSKeyArn"`
	LoggingConfig    *loggingConfig

	Layers            []string
	FileSystemConfigs []json.RawMessage
	ImageConfig       *json.RawMessage
	DeadLetterConfig  *struct {
		TargetARN string `json:"TargetArn"`
	}
	SnapStart *struct{ ApplyOn string }
}

func defaultSettings() settings {
	return settings{
		Timeout: 3, MemorySize: 128, EphemeralStorage: 512,
		Architectures: []string{"x86_64"}, TracingMode: "PassThrough",
	}
}

// refuse answers members that ask for what the local Lambda does not have.
func (in *settingsInput) refuse() error {
	switch {
	case len(in.Layers) > 0:
		return unavailable("Layers")
	case len(in.FileSystemConfigs) > 0:
		return unavailable("FileSystemConfigs")
	case in.ImageConfig != nil && string(*in.ImageConfig) != "{}":
		return unavailable("ImageConfig")
	case in.DeadLetterConfig != nil && in.DeadLetterConfig.TargetARN != "":
		return unavailable("DeadLetterConfig")
	case in.SnapStart != nil && in.SnapStart.ApplyOn != "" && in.SnapStart.ApplyOn != "None":
		return unavailable("SnapStart")
	}
	return nil
}

func unavailable(member string) error {
	return invalidParameterValue.errorf("%s is not available in the local Lambda.", member)
}

// apply changes s to what the input asks for, then checks the whole.
func (s *settings) apply(in *settingsInput) error {
	if err := in.refuse(); err != nil {
		return err
	}
	set(&s.Description, in.Description)
	set(&s.Role, in.Role)
	set(&s.Runtime, in.Runtime)
	set(&s.Handler, in.Handler)
	set(&s.Timeout, in.Timeout)
	set(&s.MemorySize, in.MemorySize)
	set(&s.KMSKeyARN, in.KMSKeyARN)
	if in.Environment != nil {
		s.Environment = in.Environment.Variables
	}
	if in.TracingConfig != nil {
		s.TracingMode = in.TracingConfig.Mode
	}
	if in.EphemeralStorage != nil {
		s.EphemeralStorage = in.EphemeralStorage.Size
	}
	if in.VPCConfig != nil {
		s.VPC = in.VPCConfig
	}
	if in.LoggingConfig != nil {
		s.Logging = in.LoggingConfig
	}
	return s.check()
}

func set[T any](member *T, value *T) {
	if value != nil {
		*member = *value
	}
}

var (
	roleSyntax     = regexp.MustCompile(`^arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+$`)
	handlerSyntax  = syntax{regexp.MustCompile(`^[^\s]+$`), 128}
	variableSyntax = regexp.MustCompile(`^[a-zA-Z]([a-zA-Z0-9_])+$`)
)

// Bounds of Lambda's API.
const (
	maxDescription = 256
	maxTimeout     = 900
	minMemory      = 128
	maxMemory      = 10_240
	minStorage     = 512
	maxStorage     = 10_240
	maxEnvironment = 4096
)

func (s *settings) check() error {
	if !roleSyntax.MatchString(s.Role) {
		return invalidMember("role", s.Role, `Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+`)
	}
	if s.Runtime == "" || s.Handler == "" {
		return invalidParameterValue.errorf(
			"Runtime and Handler are mandatory parameters for functions created with deployment packages.")
	}
	if err := runtime.Supported(s.Runtime); err != nil {
		return invalidParameterValue.errorf("Value %s at 'runtime' failed to satisfy constraint: %v", shortened(s.Runtime), err)
	}
	if !handlerSyntax.MatchString(s.Handler) {
		return invalidMember("handler", s.Handler, `Member must satisfy regular expression pattern: [^\s]+`)
	}
	if utf8.RuneCountInString(s.Description) > maxDescription {
		return invalidMember("description", s.Description, "Member must have length less than or equal to 256")
	}
	return firstError(
		checkRange("timeout", s.Timeout, 1, maxTimeout),
		checkRange("memorySize", s.MemorySize, minMemory, maxMemory),
		checkRange("ephemeralStorage.size", s.EphemeralStorage, minStorage, maxStorage),
		checkEnum("tracingConfig.mode", s.TracingMode, "Active", "PassThrough"),
		checkArchitectures(s.Architectures),
		checkEnvironment(s.Environment),
	)
}

// firstError is the first error, if any.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func checkEnum(member, value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return invalidMember(member, value, "Member must satisfy enum value set: ["+strings.Join(allowed, ", ")+"]")
}

func checkArchitectures(architectures []string) error {
	if len(architectures) != 1 {
		return invalidMember("architectures", strings.Join(architectures, ", "),
			"Member must have length less than or equal to 1")
	}
	return checkEnum("architectures", architectures[0], "x86_64", "arm64")
}

// reservedVariables are set by Lambda for every function.
var reservedVariables = []string{
	"AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV",
	"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION",
	"AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME",
	"AWS_LAMBDA_RUNTIME_API", "AWS_REGION", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
	"LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT", "_HANDLER", "_X_AMZN_TRACE_ID",
}

// checkEnvironment names variables but never shows their values.
func checkEnvironment(variables map[string]string) error {
	var reserved []string
	size := len("{}")
	for name, value := range variables {
		if slices.Contains(reservedVariables, name) {
			reserved = append(reserved, name)
		} else if !variableSyntax.MatchString(name) {
			return invalidMember("environment.variables", name,
				"Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]")
		}
		if strings.ContainsRune(value, 0) {
			return invalidParameterValue.errorf("The value of the environment variable %s contains a null character.", name)
		}
		size += len(name) + len(value) + len(`"":"",`)
	}
	if len(reserved) > 0 {
		slices.Sort(reserved)
		return invalidParameterValue.errorf("Lambda was unable to configure your environment variables because the environment"+
			" variables you have provided contains reserved keys that are currently not supported for modification."+
			" Reserved keys used in this request: %s", strings.Join(reserved, ", "))
	}
	if size-1 > maxEnvironment {
		return invalidParameterValue.errorf("Lambda was unable to configure your environment variables because the environment" +
			" variables you have provided exceeded the 4KB limit.")
	}
	return nil
}

func checkRange(member string, value, least, most int) error {
	switch {
	case value < least:
		return invalidMember(member, strconv.Itoa(value), "Member must have value greater than or equal to "+strconv.Itoa(least))
	case value > most:
		return invalidMember(member, strconv.Itoa(value), "Member must have value less than or equal to "+strconv.Itoa(most))
	}
	return nil
}
