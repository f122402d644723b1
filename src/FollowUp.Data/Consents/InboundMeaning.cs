namespace FollowUp.Data.Consents;

/// <summary>What a patient's text asks for, as far as Twilio's own words go.</summary>
public enum InboundMeaning
{
    OptOut,
    OptIn,
    Help,
    Other,
}
