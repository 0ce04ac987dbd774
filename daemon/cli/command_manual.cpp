// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/command_tree.hpp"

#include "connectors/base/roff.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nudged::cli {
namespace {

std::string synopsis(const Command& command) {
    auto text = spoken(command);
    bool has_options = false;
    for (const auto& option : command.options) {
        if (!option.is_argument) {
            has_options = has_options || option.names.back() != "--help";
            continue;
        }
        const auto name = option.names.front() + (option.is_repeated ? " …" : "");
        text += option.is_required ? " " + name : " [" + name + "]";
    }
    return has_options ? text + " [OPTIONS]" : text;
}

std::string term_of(const CommandOption& option) {
    auto term = fmt::format("{}", fmt::join(option.names, ", "));
    if (!option.is_argument && !option.value.empty()) term += " " + option.value;
    return term;
}

void add_options(const Command& command, Roff& page) {
    for (const auto& option : command.options) {
        if (option.names.back() == "--help") continue;  // every command has it
        auto text = option.about;
        if (!option.choices.empty())
            text += fmt::format("{}One of: {}.", text.empty() ? "" : ". ",
                                fmt::join(option.choices, ", "));
        if (!option.usual.empty()) text += fmt::format(" Default: {}.", option.usual);
        page.item(term_of(option), text.empty() ? "see above" : text);
    }
}

void add_exit_statuses(Roff& page) {
    page.section("EXIT STATUS");
    page.item("0", "Done.");
    page.item("1", "The work was tried and failed, or found something that a person must see.");
    page.item("64", "The command line is wrong.");
    page.item("65", "The warehouse's file is damaged.");
    page.item("69", "There is no daemon, or no warehouse.");
    page.item("78", "The configuration has errors.");
}

}  // namespace

std::string render_manual(const Command& program) {
    Roff page("nudged", 1, "tells sales managers what in their CRM is worth a conversation");
    page.section("SYNOPSIS");
    page.paragraph("`nudged` [-c FILE] COMMAND [OPTIONS]");
    page.section("DESCRIPTION");
    page.paragraph(program.about);
    page.paragraph("Commands that change what is stored are done by the running daemon, or here "
                   "when none runs. "
                   "`--help` behind any of them says the same as this page.");
    page.section("OPTIONS");
    add_options(program, page);
    page.section("COMMANDS");
    each_command(program, [&](const Command& command) {
        if (command.path.empty() || !command.commands.empty()) return;
        page.subsection(synopsis(command));
        page.paragraph(command.about + ".");
        add_options(command, page);
    });
    add_exit_statuses(page);
    page.section("FILES");
    page.item("/etc/nudged/nudged.toml", "The configuration; the other files are found beside it.");
    page.item("/var/lib/nudged/nudged.db", "The warehouse, a SQLite file.");
    page.section("SEE ALSO");
    page.paragraph("nudged.toml(5), nudged(8), /usr/share/doc/nudged/README.md");
    return page.str();
}

std::string render_service_manual(const Command& program) {
    Roff page("nudged", 8, "the service that polls CRMs and writes to managers");
    page.section("SYNOPSIS");
    page.paragraph("`systemctl enable --now nudged`");
    page.section("DESCRIPTION");
    page.paragraph("nudged.service runs `nudged run` as the user nudged: it is ready once every "
                   "source is being "
                   "polled, feeds systemd's watchdog only while its writer and its workers answer, "
                   "and says in one "
                   "sentence of `systemctl status` what it does. It reads the CRMs and writes to "
                   "/var/lib/nudged "
                   "alone.");
    page.section("COMMANDS OF AN ADMIN");
    for (const auto& command : program.commands)
        for (const auto* name : {"setup", "readiness", "status", "doctor", "reload", "run"})
            if (command.name == name) page.item("nudged " + command.name, command.about + ".");
    page.section("RELOAD");
    page.paragraph(
        "`systemctl reload nudged` (or SIGHUP) has the daemon read its files again. With an error "
        "in "
        "any of them everything stays as it was and the reload fails with its text. A changed "
        "credential, state_dir, control_socket, [web] and [log] need a restart.");
    page.section("CREDENTIALS");
    page.paragraph("A secret in a file of its own, read by systemd as root, is named in a drop-in "
                   "(`systemctl edit nudged`):");
    page.example("[Service]\nLoadCredential=crm-token:/etc/nudged/secrets/crm-token");
    page.paragraph("and in the source's file: credentials = { token = { credential = "
                   "\"crm-token\" } }. Encrypted for this machine alone, by its TPM where it has "
                   "one:");
    page.example("systemd-ask-password -n | systemd-creds encrypt --name=crm-token - \\\n"
                 "    /etc/nudged/secrets/crm-token.cred\n\n"
                 "[Service]\nLoadCredentialEncrypted=crm-token:/etc/nudged/secrets/"
                 "crm-token.cred");
    page.section("SEVERAL INSTANCES");
    page.paragraph(
        "`systemctl enable --now nudged@NAME` runs another daemon on a folder of its own, "
        "/etc/nudged/NAME. Copy the configuration there, and let nudged.toml say:");
    page.example("state_dir = \"/var/lib/nudged-NAME\"\n"
                 "control_socket = \"/run/nudged-NAME/nudged.sock\"\n"
                 "[web]\nport = 9465");
    page.paragraph("Commands reach it by `nudged -c /etc/nudged/NAME/nudged.toml`.");
    page.section("SIGNALS");
    page.item("SIGTERM, SIGINT", "Stop: what was in hand is committed, within seconds.");
    page.item("SIGHUP", "Reload.");
    add_exit_statuses(page);
    page.section("FILES");
    page.item("/etc/nudged", "The configuration; see nudged.toml(5).");
    page.item("/var/lib/nudged", "The warehouse, its backups and the sources' tokens.");
    page.item("/run/nudged/nudged.sock", "The control socket: open to root and the group nudged.");
    page.item("/usr/share/nudged", "Manifests, JSON Schema, packs of KPIs, the Grafana dashboard.");
    page.section("SEE ALSO");
    page.paragraph("nudged(1), nudged.toml(5), systemd.exec(5), systemd-creds(1); "
                   "/usr/share/doc/nudged/docs/events.md has every event of the journal with its "
                   "remedy");
    return page.str();
}

}  // namespace nudged::cli
