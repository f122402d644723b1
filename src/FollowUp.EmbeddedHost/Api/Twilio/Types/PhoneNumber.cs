namespace Twilio.Types;

/// <summary>An endpoint of a message: a number in E.164, a short code or a sender name. Not checked here; Twilio does.</summary>
public class PhoneNumber
{
    private readonly string _number;

    public PhoneNumber(string number) => _number = number;

    public static implicit operator PhoneNumber(string number) => new(number);

    public override string ToString() => _number;
}
