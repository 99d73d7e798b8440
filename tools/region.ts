/** What every region of AWS is called like, such as `eu-west-1` and `us-gov-west-1`. Which of them exist, only AWS knows. */
export const REGION = /^[a-z]{2,4}(-[a-z]+){1,2}-\d{1,2}$/
