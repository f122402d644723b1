using FollowUp.TwilioEmulator.Messages;
using FollowUp.TwilioEmulator.Storage;

namespace FollowUp.TwilioEmulator.Phone;

/// <summary>What the page shows: every phone that has texts, and the conversation that is open on one of them.</summary>
internal sealed record PhoneModel
{
    private const int MaxPhones = 300;
    private const int MaxTexts = 500;

    public required DateTimeOffset Now { get; init; }

    /// <summary>The last text of every phone, newest first.</summary>
    public required IReadOnlyList<Message> Phones { get; init; }

    /// <summary>The open phone's number; null on the page that only lists them.</summary>
    public string? Handset { get; init; }

    /// <summary>Everybody that this phone has talked to; at least <see cref="Sender"/> when a phone is open.</summary>
    public IReadOnlyList<string> Senders { get; init; } = [];

    /// <summary>Whom the open conversation is with.</summary>
    public string? Sender { get; init; }

    /// <summary>The conversation, oldest first.</summary>
    public IReadOnlyList<Message> Texts { get; init; } = [];

    public bool OptedOut { get; init; }

    /// <summary>What was wrong with the request; shown above the form, with <see cref="Draft"/> still in it.</summary>
    public string? Error { get; init; }

    public string Draft { get; init; } = "";

    public static PhoneModel Read(DatabaseSession session, DateTimeOffset now, string? handset, string? sender, string ownNumber)
    {
        var phones = MessageStore.LastOfEachHandset(session, MaxPhones);
        if (handset is null)
        {
            return new PhoneModel { Now = now, Phones = phones };
        }

        var texts = MessageStore.Thread(session, handset, MaxTexts);
        var with = sender ?? MessageStore.LastSenderTo(session, handset) ?? texts.LastOrDefault()?.Sender ?? ownNumber;
        return new PhoneModel
        {
            Now = now,
            Phones = phones,
            Handset = handset,
            Senders = [.. texts.Select(text => text.Sender).Append(with).Distinct(StringComparer.Ordinal)],
            Sender = with,
            Texts = [.. texts.Where(text => text.Sender == with)],
            OptedOut = MessageStore.SendersOptedOutOf(session, handset).Contains(with),
        };
    }
}
