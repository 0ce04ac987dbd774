// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/url.hpp"
#include "connectors/sources/http/auth_login.hpp"
#include "daemon/cli/context.hpp"
#include "daemon/cli/login_listener.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/runtime/workplace.hpp"

#include <cstdio>
#include <iostream>

namespace nudged::cli {
namespace {

struct Options {
    std::string source;
    std::string redirect;
    bool paste = false;
};

const sources::SourceOptions& http_source_named(const config::Config& config,
                                                const std::string& name) {
    for (const auto& source : config.sources) {
        if (source.name != name) continue;
        if (source.connector == "http") return source;
        fmt::print(stderr, "source {}: the connector {} needs no log-in\n", name, source.connector);
        throw Exit{exit_usage};
    }
    fmt::print(stderr, "no source is called \"{}\"; `nudged source list` shows them\n", name);
    throw Exit{exit_usage};
}

std::string pasted_code(const sources::Login& login) {
    fmt::print("Open this address in a browser, log in, and paste the address that it leads to, or "
               "the code:\n\n{}\n\n> ",
               login.address());
    std::fflush(stdout);
    std::string line;
    while (std::getline(std::cin, line)) {
        if (const auto code = login.code_of_pasted(line)) return *code;
        fmt::print("that is no answer to this log-in\n> ");
        std::fflush(stdout);
    }
    throw Failure(FailureKind::needs_person, "no code was pasted");
}

/// Listens where the browser is sent back to; the port may be ours to choose.
asio::awaitable<void> listen(sources::Login& login, runtime::Workplace& place, std::string& code) {
    const auto where = net::parse_place(login.redirect());
    if (!where || where->scheme != "http" || !where->is_loopback())
        throw Failure(FailureKind::needs_person,
                      fmt::format("the browser is sent back to {}, where nudged cannot listen; use "
                                  "--paste",
                                  login.redirect()));
    const auto& redirect = login.redirect();
    const auto host_at = redirect.find("://") + 3;
    const auto path_at = std::min(redirect.find('/', host_at), redirect.size());
    const auto host = redirect.substr(host_at, path_at - host_at);
    const auto path = path_at < redirect.size() ? redirect.substr(path_at) : std::string{"/"};
    const bool has_port = host.find(':') != std::string::npos;
    LoginListener listener(place.loop(),
                           static_cast<std::uint16_t>(has_port ? std::stoi(where->port) : 0));
    if (!has_port) login.set_redirect(fmt::format("http://{}:{}{}", host, listener.port(), path));
    fmt::print("Open this address in a browser on this machine and log in (elsewhere: --paste):\n\n"
               "{}\n\n",
               login.address());
    std::fflush(stdout);
    auto decide = [&login](std::string_view target) { return login.code_of(target); };
    code = co_await listener.wait(path, decide);
}

asio::awaitable<void> finish(sources::Login& login, std::string code) {
    co_await login.finish(std::move(code));
}

}  // namespace

void add_source_login(Parser group, Context& context) {
    auto options = std::make_shared<Options>();
    auto login =
        group.add_subcommand("login", "Log a source in by a browser (OAuth), and keep its tokens");
    login.add_option("NAME", options->source, "the source").required();
    login.add_flag("--paste", options->paste,
                   "read the address that the browser is sent back to, or the code, from standard "
                   "input: for machines without a browser");
    login.add_option("--redirect", options->redirect,
                     "where the browser is sent back to, as the CRM's app has it registered");
    login.callback([options, &context] {
        const auto config = context.load(config::Secrets::required);
        const auto& source = http_source_named(*config, options->source);
        runtime::Workplace place;
        const auto source_context = place.source_context(*config);
        sources::Login attempt(source, source_context);
        if (!options->redirect.empty()) attempt.set_redirect(options->redirect);
        std::string code;
        if (options->paste)
            code = pasted_code(attempt);
        else
            place.run(listen(attempt, place, code));
        place.run(finish(attempt, std::move(code)));
        fmt::print("source {} is logged in; its tokens are in {}\n"
                   "A running daemon takes them up within the hour, or at once: nudged sync "
                   "--source {}\n",
                   source.name, attempt.file(), source.name);
    });
}

}  // namespace nudged::cli
