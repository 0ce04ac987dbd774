// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/mail/options.hpp"

#include "connectors/base/text.hpp"
#include "connectors/base/utf8.hpp"
#include "connectors/channels/mail/address.hpp"
#include "connectors/channels/mail/html.hpp"
#include "connectors/channels/values.hpp"
#include "connectors/net/http.hpp"
#include "connectors/net/url.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::channels::mail {
namespace {

constexpr std::size_t max_recipients = 20;  // a channel is for a few managers, and no list
constexpr std::size_t max_name = 64;

Problem address_problem(std::string_view key, const std::string& address) {
    auto problem = problem_of_address(address);
    if (problem.empty()) return {};
    const auto colon = problem.find(':');
    const auto remedy = colon == std::string::npos ? "write it as name@example.com"
                                                   : std::string{trim(problem.substr(colon + 1))};
    return {fmt::format("{}: {}", key, problem.substr(0, colon)), remedy};
}

bool is_local(const std::string& host) {
    return net::is_loopback(
        fmt::format("http://{}/", host.find(':') == std::string::npos ? host : "[" + host + "]"));
}

/// A name, of one label too, or an address of either kind.
bool may_be_host(std::string_view host) {
    const bool is_ipv6 = host.find(':') != std::string_view::npos;
    return !host.empty() && host.size() <= 253 && !host.starts_with('-') &&
           std::all_of(host.begin(), host.end(), [&](char c) {
               const bool is_hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
                                   (c >= 'A' && c <= 'F') || c == '.';
               const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
               return is_hex || (is_ipv6 ? c == ':' : is_letter);
           });
}

bool is_one_word(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

bool may_unsubscribe(const std::string& target) {
    constexpr std::size_t max = 900;  // one header line
    const bool is_good = target.starts_with("https://") || target.starts_with("mailto:");
    return is_good && target.size() <= max && is_one_word(target) &&
           target.find_first_of("<>,\"") == std::string::npos;
}

/// A Microsoft host, or this machine for tests: a client secret goes nowhere else.
Problem host_problem(std::string_view key, const std::string& url, std::string_view allowed) {
    const auto place = net::parse_place(url);
    const bool is_allowed =
        place && !place->has_credentials &&
        (place->is_loopback() || (place->scheme == "https" && place->host == allowed));
    if (is_allowed && url.find_first_of("?#") == std::string::npos && !url.ends_with('/'))
        return {};
    return {fmt::format("{} is not at {}", key, allowed),
            fmt::format("leave {} out, or write \"https://{}\"", key, allowed)};
}

bool is_office_host(const std::string& host) {
    const auto name = to_lower_ascii(host);
    return name == "smtp.office365.com" || name == "smtp-mail.outlook.com" ||
           name.ends_with(".office365.com");
}

Problem login_problem(const SmtpOptions& options) {
    if (options.user.empty()) {
        if (!options.password.empty()) return {"there is a password but no user", "set user, too"};
        return {};
    }
    if (!is_one_word(options.user))
        return {"the user has a space or a character that no login has", "look for a typo in user"};
    if (options.security == "none")
        return {"a login would cross the network unencrypted",
                "set security = \"starttls\" or \"tls\", or take user out"};
    if (options.auth == "xoauth2") return problem_of(options.token);
    if (options.auth != "plain" && options.auth != "login")
        return {fmt::format("there is no way to log in called '{}'", options.auth),
                "use plain, login or xoauth2"};
    return {};
}

}  // namespace

Problem problem_of(const MailOptions& options) {
    if (options.from.empty()) return {"there is no from", "set from to the address to send by"};
    if (auto problem = address_problem("from", options.from); !problem.what.empty()) return problem;
    for (const auto& address : options.to)
        if (auto problem = address_problem("to", address); !problem.what.empty()) return problem;
    if (options.to.size() > max_recipients)
        return {fmt::format("to has more than {} addresses", max_recipients),
                "send to one address that distributes, or make several channels"};
    if (!options.reply_to.empty())
        if (auto problem = address_problem("reply_to", options.reply_to); !problem.what.empty())
            return problem;
    if (value(options.from_name, max_name) != options.from_name)
        return {"from_name has a line break or another control character, or is too long",
                "write a name on one line, of at most 64 characters"};
    if (!options.unsubscribe.empty() && !may_unsubscribe(options.unsubscribe))
        return {"unsubscribe is neither a mailto: nor an https: link",
                "write it as \"mailto:name@example.com\" or \"https://…\""};
    return {};
}

Problem problem_of(const TokenOptions& options) {
    if (options.token_url.empty())
        return {"there is no token_url", "set token_url to where the server's tokens are given"};
    const auto place = net::parse_place(options.token_url);
    if (!place || place->has_credentials || (place->scheme != "https" && !place->is_loopback()))
        return {"token_url is no https URL", "write it as https://…, without a password in it"};
    if (options.client_id.empty())
        return {"there is no client_id", "set client_id to the registered application's id"};
    return {};
}

Problem problem_of(const SmtpOptions& options) {
    if (auto problem = problem_of(options.mail); !problem.what.empty()) return problem;
    if (!may_be_host(options.host))
        return {"host is no name of a server", "write it as \"smtp.example.com\", without a port"};
    if (options.port < 1 || options.port > 65'535)
        return {"there is no such port", "set port to 587, or to 465 for security = \"tls\""};
    if (options.security != "starttls" && options.security != "tls" && options.security != "none")
        return {fmt::format("there is no security called '{}'", options.security),
                "use starttls, or tls for a server on port 465"};
    if (options.security == "none" && !is_local(options.host))
        return {"mail would cross the network unencrypted",
                "set security = \"starttls\" or \"tls\"; none is for a server on this machine"};
    if (!options.hello.empty() && !is_host_name(options.hello))
        return {"hello is no full name of a machine", "write it as \"nudged.example.com\""};
    if (!options.ca_file.empty() && !options.ca_file.starts_with('/'))
        return {"ca_file is not absolute", "begin it with /"};
    return login_problem(options);
}

Problem problem_of(const GraphOptions& options) {
    if (auto problem = problem_of(options.mail); !problem.what.empty()) return problem;
    const bool is_tenant = !options.tenant.empty() &&
                           std::all_of(options.tenant.begin(), options.tenant.end(), [](char c) {
                               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                                      (c >= 'A' && c <= 'Z') || c == '-' || c == '.';
                           });
    if (!is_tenant)
        return {"tenant is no directory's id or domain",
                "write the directory (tenant) id that the application's page shows"};
    if (options.client_id.empty())
        return {"there is no client_id", "set client_id to the application (client) id"};
    if (auto problem = host_problem("login_url", options.login_url, "login.microsoftonline.com");
        !problem.what.empty())
        return problem;
    return host_problem("api_url", options.api_url, "graph.microsoft.com");
}

void warn(const SmtpOptions& options, const ChannelOptions& channel, Diagnostics& problems) {
    const auto tell = [&](std::string_view what, std::string remedy) {
        problems.warning(channel.place, fmt::format("channel '{}': {}", channel.name, what),
                         std::move(remedy));
    };
    const bool is_password = !options.user.empty() && options.auth != "xoauth2";
    if (is_password && is_office_host(options.host))
        tell("Microsoft 365 is about to take no passwords for SMTP any more",
             "use a channel of kind \"graph\", or auth = \"xoauth2\"");
    if (options.security == "tls" && options.port == 587)
        tell("port 587 expects STARTTLS as a rule", "set port = 465, or security = \"starttls\"");
    if (options.security == "starttls" && options.port == 465)
        tell("port 465 expects TLS at once as a rule", "set security = \"tls\"");
}

TokenOptions token_of(const GraphOptions& options) {
    TokenOptions token;
    token.token_url = fmt::format("{}/{}/oauth2/v2.0/token", options.login_url, options.tenant);
    token.client_id = options.client_id;
    token.client_secret = options.client_secret;
    token.scope = "https://graph.microsoft.com/.default";
    return token;
}

}  // namespace nudged::channels::mail
