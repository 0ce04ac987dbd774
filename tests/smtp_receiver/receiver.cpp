// SPDX-License-Identifier: Apache-2.0
#include "tests/smtp_receiver/receiver.hpp"

#include "connectors/base/text.hpp"
#include "tests/paths.hpp"

#include <rapidjson/document.h>

#include <stdexcept>

namespace nudged::tests {
namespace {

struct Identity {
    TempFolder folder;
    std::string certificate = folder.file("server.pem");
    std::string key = folder.file("server.key");

    Identity() {
        const auto made =
            run_program({"/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                         "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                         "/CN=nudged test", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                         "-keyout", key, "-out", certificate});
        if (made.status != 0) throw std::runtime_error("openssl made no certificate");
    }
};

const Identity& identity() {
    static const Identity made;
    return made;
}

std::string text_at(const rapidjson::Value& object, const char* name) {
    const auto found = object.FindMember(name);
    return found == object.MemberEnd() || !found->value.IsString() ? "" : found->value.GetString();
}

bool flag_at(const rapidjson::Value& object, const char* name) {
    const auto found = object.FindMember(name);
    return found != object.MemberEnd() && found->value.IsTrue();
}

}  // namespace

SmtpReceiver::SmtpReceiver(const SmtpMode& mode) {
    std::vector<std::string> arguments{"/usr/bin/python3",
                                       NUDGED_SOURCE_DIR "/tests/smtp_receiver/receiver.py",
                                       "--log",
                                       folder_.write("log", ""),
                                       "--down",
                                       folder_.file("down"),
                                       "--mode",
                                       mode.mode,
                                       "--tls",
                                       mode.tls,
                                       "--user",
                                       mode.user,
                                       "--password",
                                       mode.password};
    if (mode.tls != "none")
        arguments.insert(arguments.end(),
                         {"--certificate", identity().certificate, "--key", identity().key});
    process_ = std::make_unique<Process>(arguments, folder_.file("output"));
    const auto port = process_->await_line("listening ");
    if (port.empty()) throw std::runtime_error("no mail server: " + process_->output());
    port_ = std::stoi(port);
}

std::vector<SmtpEvent> SmtpReceiver::events() const {
    std::vector<SmtpEvent> events;
    const auto log = read_file(folder_.file("log"));
    for (const auto line : split(log, '\n')) {
        if (line.empty()) continue;
        rapidjson::Document json;
        json.Parse(line.data(), line.size());
        if (!json.IsObject()) continue;  // still being written
        SmtpEvent event{.event = text_at(json, "event"),
                        .name = text_at(json, "name"),
                        .mechanism = text_at(json, "mechanism"),
                        .user = text_at(json, "user"),
                        .secret = text_at(json, "secret"),
                        .address = text_at(json, "address"),
                        .to = {},
                        .sender = text_at(json, "sender"),
                        .content = text_at(json, "content"),
                        .tls = flag_at(json, "tls"),
                        .login = flag_at(json, "login")};
        if (json.HasMember("to"))
            for (const auto& address : json["to"].GetArray())
                event.to.emplace_back(address.GetString());
        events.push_back(std::move(event));
    }
    return events;
}

std::vector<SmtpEvent> SmtpReceiver::events(const std::string& kind) const {
    std::vector<SmtpEvent> found;
    for (auto& event : events())
        if (event.event == kind) found.push_back(std::move(event));
    return found;
}

std::uintmax_t SmtpReceiver::log_size() const {
    return std::filesystem::file_size(folder_.file("log"));
}

std::string SmtpReceiver::certificate() {
    return identity().certificate;
}

}  // namespace nudged::tests
