"""Where a program gets what is not written in it: arguments, the environment, configuration."""

from __future__ import annotations

import re
from typing import Final

from bulkhead.discover.code.words import words

ENVIRONMENT: Final = re.compile(
    r"(?:^|\.)(?:getenv|os\.environ\.get|environ\.get|os\.Getenv|os\.LookupEnv|env\.var|env\.var_os|"
    r"GetEnvironmentVariable|System\.get_env|System\.fetch_env!?|ENV\.fetch|ENV\.get|sys\.env|"
    r"sys\.env\.get(?:OrElse)?|env\.get|envOrElse|qgetenv|qEnvironmentVariable|secure_getenv|"
    r"os\.environ\.setdefault|env\.fetch|getEnv|viper\.BindEnv|environ\.pop|"
    r"EnvGet|env\.str|env\.int|EnvVar|os\.getenvb|env_or|get_env|option_env|env|env_var)$"
)
"""Calls whose first argument is a variable of the environment."""
MAPPINGS: Final = words(
    "os.environ environ ENV process.env $_ENV _ENV $_SERVER _SERVER System.getenv() sys.env "
    "env Deno.env"
)
ARGUMENTS: Final = words("argv sys.argv process.argv os.Args args ARGV Args arg")
"""What the words of a command line are called."""
NAMESPACES: Final = words(
    "args options opts opt flags FLAGS argv parsed namespace ns cli arguments program parser "
    "params parsed_args cmd_args cli_args arg vm result matches command"
)
"""What the options of a command line are mostly called."""
CONFIGS: Final = re.compile(
    r"(?:^|_|\.)(?:config|cfg|conf|settings|configuration|props|properties|yaml|json|toml|ini|"
    r"configs|preferences|viper|environment|nconf|node)(?:$|\.|\(|\[|_)",
    re.IGNORECASE,
)
GETS: Final = words(
    "get getProperty getString getInt get_str get_string getOrDefault value get_value "
    "GetString GetInt GetValue GetSection getConfig fetch get_or at getOrElse config env_get "
    "Get getint get_env getoption get_option get_config getConfigValue optString dig getAs "
    "getOptional getAsString asString as"
)
"""Calls whose first argument may be a key of a configuration."""

FLAGS: Final = words(
    "String Int Uint Uint16 StringP IntP StringVar IntVar StringVarP IntVarP UintVar "
    "Uint16Var Int64 Uint64 Int64Var Duration Bool"
)
"""Of Go's flag and pflag: name, default, usage."""

SAME: Final = words(
    "int str Parse String to_string toString Itoa unwrap expect c_str as_str to_owned into clone "
    "Clone encode decode strip trim CString atoi stoi move ref parseInt Number parse from "
    "Some Ok Box Arc Rc as_bytes unwrap_or_default lock borrow borrow_mut to_i to_s Integer "
    "freeze intval strval toByteArray data list tuple sorted set iter ipairs pairs enumerate "
    "values bytes u str_to_string text tostring tonumber to_string_lossy valueOf toList "
    "rstrip lstrip as_deref as_ref as_mut cloned copied toStdString toUtf8 constData toLatin1 "
    "fromStdString QString getBytes toBytes take iter_mut into_iter deref string TrimSpace b "
    "abs ascii utf8 lower upper toLowerCase to_lowercase uint16 Uint int32 uint ToString "
    "to_charlist String.to_charlist to_list list_to_binary binary_to_list integer_to_list "
    "integer_to_binary expandvars expanduser get_mut apply also await_ await wrap as_c_str "
    "UTF8String static_cast strdup zstr_dup bstr from_str unwrap_unchecked ensure ok ok_or "
    "context shared_from_this make_pair to_sym strtol std.to_string strtoul atol repeat Value "
    "reversed Mutex RefCell RwLock Ref Cell tap bytearray fspath cast Path parseUnsignedInt "
    "map_err or_else and_then unwrap_or_else with_context wrap_err nonnull toRawUTF8 toLocal8Bit "
    "qPrintable ToStdString mb_str utf8_str to_utf8 toStdU16String"
)
"""Calls that give what they are called on, or with, as far as texts and sockets go."""
WRAPS: Final = words(
    "enter_context enter_async_context closing copy ZMQStream ZmqStream shadow from_socket "
    "Poller addressof make_shared share reactive shallowReactive markRaw readonly freeze"
)
"""Calls that give their argument, whatever they are called on."""
CHOOSES: Final = frozenset({"bind_to_random_port", "bindToRandomPort", "BindRandomPort"})
"""Calls that give the port that was chosen."""
FALLBACKS: Final = words("unwrap_or getOrElse orElse unwrap_or_else value_or map_or or_default")
PRINTS: Final = words(
    "sprintf Sprintf asprintf vsprintf printf zsys_sprintf g_strdup_printf StringPrintf "
    "strdup_printf Printf util.format sprintf_s str_printf zsys_vprintf absl.StrFormat "
    "StrFormat asprintf_ strfmt formatted StringFormat kformat"
)
PATHS: Final = words(
    "os.path.join path.join posixpath.join osp.join filepath.Join path.Join Path.Combine "
    "System.IO.Path.Combine File.join Path.join Paths.get path.resolve path.posix.join"
)
"""Calls that put their arguments together as a path."""
FROM_A_ROOT: Final = words(
    "os.path.join posixpath.join osp.join path.resolve Path.Combine System.IO.Path.Combine"
)
"""Of these, those in which an argument with a root drops what stands before it."""
TEMPORARY: Final = words("tempfile.gettempdir os.tmpdir os.TempDir Dir.tmpdir gettempdir")
"""Calls that give the folder for what is temporary: of the environment, mostly /tmp."""
FORMATS: Final = words("format Format format_to fmt arg format! String.format concat StrCat")


def variable_asked(called: str) -> bool:
    """Whether a call asks the environment for its first argument."""
    return ENVIRONMENT.search(called) is not None


def configuration(called: str) -> bool:
    """Whether something is called as people call what they read from a file."""
    return CONFIGS.search(called) is not None
