// SPDX-License-Identifier: Apache-2.0
#include "connectors/net/smtp.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/base/text.hpp"
#include "connectors/net/http.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

namespace nudged::net {
namespace {

struct EasyCleanup {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct ListCleanup {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// "5.1.1" at the beginning of a reply's text (RFC 2034 §4); "" when there is none.
std::string enhanced_status(std::string_view text) {
    const auto code = text.substr(0, text.find_first_of(" \r\n"));
    const auto parts = split(code, '.');
    const bool is_code =
        parts.size() == 3 && std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
            return !part.empty() && part.size() <= 3 &&
                   std::all_of(part.begin(), part.end(), is_digit);
        });
    return is_code ? std::string{code} : std::string{};
}

constexpr std::array<std::pair<std::string_view, SmtpStage>, 7> commands{{
    {"EHLO", SmtpStage::hello},
    {"HELO", SmtpStage::hello},
    {"STARTTLS", SmtpStage::tls},
    {"AUTH", SmtpStage::auth},
    {"MAIL FROM", SmtpStage::sender},
    {"RCPT TO", SmtpStage::recipient},
    {"DATA", SmtpStage::data},
}};

std::string url_of(const SmtpServer& server) {
    const bool is_ipv6 = server.host.find(':') != std::string::npos;
    const auto host = is_ipv6 ? "[" + server.host + "]" : server.host;
    return fmt::format("{}://{}:{}/{}", server.security == SmtpSecurity::tls ? "smtps" : "smtp",
                       host, server.port, url_encode(server.hello));
}

const char* login_options(SmtpAuth auth) {
    switch (auth) {
    case SmtpAuth::plain: return "AUTH=PLAIN";
    case SmtpAuth::login: return "AUTH=LOGIN";
    case SmtpAuth::xoauth2: return "AUTH=XOAUTH2";
    case SmtpAuth::none: break;
    }
    return nullptr;
}

}  // namespace

class SmtpSession::Wire {
public:
    Wire(SmtpServer server, const std::atomic<bool>& stop)
        : server_(std::move(server)), stop_(stop), easy_(curl_easy_init()) {
        if (!easy_) throw std::bad_alloc();
        set_connection();
        set_login();
        set_callbacks();
    }
    ~Wire() {
        // QUIT is sent all the same; but nobody waits for a server that does not answer it.
        if (socket_ != CURL_SOCKET_BAD) ::shutdown(socket_, SHUT_RD);
    }
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    SmtpReply deliver(const std::string& from, const std::string& to, const std::string& mail) {
        const std::string sender = "<" + from + ">";
        const std::string recipient = "<" + to + ">";
        const std::unique_ptr<curl_slist, ListCleanup> recipients{
            curl_slist_append(nullptr, recipient.c_str())};
        if (!recipients) throw std::bad_alloc();
        set(CURLOPT_MAIL_FROM, sender.c_str());
        set(CURLOPT_MAIL_RCPT, recipients.get());
        set(CURLOPT_UPLOAD, 1L);
        // Known beforehand, so that a server can refuse by SIZE before it is sent (RFC 1870).
        set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(mail.size()));
        left_ = mail;
        unwritten_ = mail.size();
        reply_ = {};
        is_over_ = false;
        const CURLcode code = curl_easy_perform(easy_.get());
        set(CURLOPT_MAIL_RCPT, static_cast<curl_slist*>(nullptr));
        reply_.curl_code = code;
        reply_.accepted = code == CURLE_OK;
        reply_.stopped = code == CURLE_ABORTED_BY_CALLBACK;
        return reply_;
    }

    SmtpReply greet() {
        set(CURLOPT_CONNECT_ONLY, 1L);
        reply_ = {};
        is_over_ = false;
        const CURLcode code = curl_easy_perform(easy_.get());
        set(CURLOPT_CONNECT_ONLY, 0L);
        reply_.curl_code = code;
        reply_.accepted = code == CURLE_OK;
        reply_.stopped = code == CURLE_ABORTED_BY_CALLBACK;
        return reply_;
    }

private:
    template <typename Value>
    void set(CURLoption option, Value value) {
        if (const CURLcode code = curl_easy_setopt(easy_.get(), option, value); code != CURLE_OK)
            throw Failure(FailureKind::needs_person,
                          fmt::format("libcurl refuses its option {} for mail: {}",
                                      static_cast<int>(option), curl_easy_strerror(code)));
    }

    void set_connection() {
        set(CURLOPT_URL, url_of(server_).c_str());
        set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        // What an HTTPS_PROXY leads to is no mail server.
        set(CURLOPT_PROXY, "");
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_QUICK_EXIT, 1L);
        set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(server_.connect_timeout.count()));
        set(CURLOPT_TIMEOUT_MS, static_cast<long>(server_.timeout.count()));
        const auto reply_s = std::chrono::ceil<std::chrono::seconds>(server_.reply_timeout);
        set(CURLOPT_SERVER_RESPONSE_TIMEOUT, static_cast<long>(reply_s.count()));
        set(CURLOPT_SSL_VERIFYPEER, 1L);
        set(CURLOPT_SSL_VERIFYHOST, 2L);
        set(CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
        // "All": a server that does not offer STARTTLS, or from which it was stripped, gets
        // nothing.
        const bool is_clear = server_.security == SmtpSecurity::none;
        set(CURLOPT_USE_SSL, is_clear ? long{CURLUSESSL_NONE} : long{CURLUSESSL_ALL});
        if (server_.ca_file.empty()) return;
        set(CURLOPT_CAINFO, server_.ca_file.c_str());
        if (const char* folder = curl_version_info(CURLVERSION_NOW)->capath)
            set(CURLOPT_CAPATH, folder);
    }

    void set_login() {
        if (server_.auth == SmtpAuth::none) return;
        const std::string secret{server_.secret.reveal()};
        set(CURLOPT_LOGIN_OPTIONS, login_options(server_.auth));
        set(CURLOPT_SASL_IR, 1L);
        set(CURLOPT_USERNAME, server_.user.c_str());
        set(server_.auth == SmtpAuth::xoauth2 ? CURLOPT_XOAUTH2_BEARER : CURLOPT_PASSWORD,
            secret.c_str());
    }

    void set_callbacks() {
        set(CURLOPT_READFUNCTION, &Wire::on_read);
        set(CURLOPT_READDATA, this);
        set(CURLOPT_VERBOSE, 1L);  // nothing is printed: it is what calls the function
        set(CURLOPT_DEBUGFUNCTION, &Wire::on_talk);
        set(CURLOPT_DEBUGDATA, this);
        set(CURLOPT_NOPROGRESS, 0L);
        set(CURLOPT_XFERINFOFUNCTION, &Wire::on_progress);
        set(CURLOPT_XFERINFODATA, this);
        set(CURLOPT_SOCKOPTFUNCTION, &Wire::on_socket);
        set(CURLOPT_SOCKOPTDATA, this);
        set(CURLOPT_CLOSESOCKETFUNCTION, &Wire::on_close);
        set(CURLOPT_CLOSESOCKETDATA, this);
    }

    static std::size_t on_read(char* room, std::size_t one, std::size_t size, void* self) {
        auto& wire = *static_cast<Wire*>(self);
        const auto count = std::min(one * size, wire.left_.size());
        std::memcpy(room, wire.left_.data(), count);
        wire.left_.remove_prefix(count);
        wire.say(SmtpStage::body);
        return count;
    }

    static int on_talk(CURL*, curl_infotype type, char* data, std::size_t size, void* self) {
        auto& wire = *static_cast<Wire*>(self);
        const std::string_view text{data, size};
        if (wire.is_over_) return 0;
        if (type == CURLINFO_HEADER_OUT) {
            // After a refusal libcurl says good-bye: the reply to that is no verdict.
            wire.is_over_ = text.starts_with("QUIT") && wire.reply_.stage != SmtpStage::auth;
            for (const auto& [command, stage] : commands) {
                // What follows AUTH may be a name in base64, whatever it looks like.
                const bool is_answer =
                    wire.reply_.stage == SmtpStage::auth && stage != SmtpStage::sender;
                if (text.starts_with(command) && !is_answer) wire.say(stage);
            }
        } else if (type == CURLINFO_DATA_OUT) {
            // Once all of it is written, the dot follows at once.
            wire.unwritten_ -= std::min(size, wire.unwritten_);
            if (wire.unwritten_ == 0) wire.say(SmtpStage::end);
        } else if (type == CURLINFO_HEADER_IN) {
            for (const auto line : split(text, '\n')) wire.hear(line);
        }
        return 0;
    }

    static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
        return static_cast<Wire*>(self)->stop_ ? 1 : 0;
    }
    static int on_socket(void* self, curl_socket_t socket, curlsocktype) {
        static_cast<Wire*>(self)->socket_ = socket;
        return CURL_SOCKOPT_OK;
    }
    static int on_close(void* self, curl_socket_t socket) {
        auto& wire = *static_cast<Wire*>(self);
        if (wire.socket_ == socket) wire.socket_ = CURL_SOCKET_BAD;
        return ::close(socket);
    }

    void say(SmtpStage stage) {
        // A refusal that came while the mail was being sent is the verdict on it.
        if (reply_.stage == SmtpStage::body && reply_.status >= 400) return;
        reply_.stage = stage;
        reply_.status = 0;
        reply_.enhanced.clear();
    }

    void hear(std::string_view line) {
        const bool is_final = line.size() >= 3 &&
                              std::all_of(line.begin(), line.begin() + 3, is_digit) &&
                              (line.size() == 3 || line[3] != '-');
        if (!is_final) return;
        if (reply_.stage == SmtpStage::connect) reply_.stage = SmtpStage::greeting;
        reply_.status = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
        reply_.enhanced = line.size() > 4 ? enhanced_status(line.substr(4)) : std::string{};
    }

    SmtpServer server_;
    const std::atomic<bool>& stop_;
    std::string_view left_;      // of the mail, for libcurl to read
    std::size_t unwritten_ = 0;  // bytes of the mail that have not gone to the server
    SmtpReply reply_;
    bool is_over_ = false;  // QUIT has been said
    curl_socket_t socket_ = CURL_SOCKET_BAD;
    std::unique_ptr<CURL, EasyCleanup> easy_;  // goes first, since it points at the rest
};

SmtpSession::SmtpSession(SmtpServer server, const std::atomic<bool>& stop)
    : wire_(std::make_unique<Wire>(std::move(server), stop)) {}

SmtpSession::~SmtpSession() = default;

SmtpReply SmtpSession::deliver(const std::string& from, const std::string& to,
                               const std::string& mail) {
    return wire_->deliver(from, to, mail);
}

SmtpReply SmtpSession::greet() {
    return wire_->greet();
}

}  // namespace nudged::net
