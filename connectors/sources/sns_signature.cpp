#include "connectors/sources/sns_signature.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <memory>

#include "router/core/digest.hpp"

namespace tocsin::connectors::sources {
namespace {

constexpr std::string_view kScheme = "https://";
constexpr std::size_t kMostRegionBytes = 32;

bool is_region(std::string_view text) {
  return !text.empty() && text.size() <= kMostRegionBytes &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

/// The path and what follows it; nothing: the URL is not Amazon's.
std::optional<std::string_view> path_of(std::string_view url) {
  if (!url.starts_with(kScheme)) return std::nullopt;
  url.remove_prefix(kScheme.size());
  const std::size_t slash = std::min(url.find('/'), url.size());
  std::string_view host = url.substr(0, slash);
  if (!host.starts_with("sns.")) return std::nullopt;
  host.remove_prefix(4);
  for (const std::string_view end : {".amazonaws.com", ".amazonaws.com.cn"})
    if (host.ends_with(end) && is_region(host.substr(0, host.size() - end.size())))
      return url.substr(slash);
  return std::nullopt;
}

}  // namespace

bool is_sns_url(std::string_view url) { return path_of(url).has_value(); }

bool is_sns_certificate_url(std::string_view url) {
  constexpr std::string_view kBegins = "/SimpleNotificationService-", kEnds = ".pem";
  const auto path = path_of(url);
  if (!path || !path->starts_with(kBegins) || !path->ends_with(kEnds) ||
      path->size() <= kBegins.size() + kEnds.size())
    return false;
  const std::string_view name =
      path->substr(kBegins.size(), path->size() - kBegins.size() - kEnds.size());
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
}

std::string sns_signed_text(const Json& message) {
  static constexpr std::array<std::string_view, 6> kNotification{
      "Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"};
  static constexpr std::array<std::string_view, 7> kConfirmation{
      "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"};
  std::string text;
  const auto add = [&](std::string_view name) {
    const Json value = message[name];
    if (name == "Subject" && value.is_null()) return;
    text.append(name).append("\n").append(value.text()).append("\n");
  };
  if (message["Type"].text() == "Notification")
    std::for_each(kNotification.begin(), kNotification.end(), add);
  else
    std::for_each(kConfirmation.begin(), kConfirmation.end(), add);
  return text;
}

Status check_sns_signature(const Json& message, const std::string& certificate) {
  const std::string version = message["SignatureVersion"].text();
  if (version != "1" && version != "2")
    return invalid("SignatureVersion is neither \"1\" nor \"2\"; the message cannot be trusted");
  const auto signature = from_base64(message["Signature"].text());
  if (!signature || signature->empty()) return invalid("Signature is not base64");

  const std::unique_ptr<BIO, decltype(&BIO_free)> pem(
      BIO_new_mem_buf(certificate.data(), static_cast<int>(certificate.size())), BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> parsed(
      pem ? PEM_read_bio_X509(pem.get(), nullptr, nullptr, nullptr) : nullptr, X509_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      parsed ? X509_get_pubkey(parsed.get()) : nullptr, EVP_PKEY_free);
  if (!key || EVP_PKEY_base_id(key.get()) != EVP_PKEY_RSA)
    return invalid("what SigningCertURL leads to is no certificate with an RSA key");

  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  const std::string text = sns_signed_text(message);
  const bool valid =
      context &&
      EVP_DigestVerifyInit(context.get(), nullptr, version == "1" ? EVP_sha1() : EVP_sha256(),
                           nullptr, key.get()) == 1 &&
      EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature->data()),
                       signature->size(), reinterpret_cast<const unsigned char*>(text.data()),
                       text.size()) == 1;
  if (!valid)
    return invalid(
        "the signature is not that of the message; it was changed on its way, or is not of Amazon "
        "SNS");
  return ok();
}

}  // namespace tocsin::connectors::sources
